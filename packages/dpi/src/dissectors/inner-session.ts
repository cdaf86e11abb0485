/** Another dissector's session on bytes that a protocol carries within it: TLS in TDS, anything in WebSocket. */
import type { Connection, Dissector, Session } from '../dissector.ts';
import { InnerConnection } from './inner.ts';

/** Bytes that an inner session may ask to see again. */
const MOST_LEFT = 131_072;

const EMPTY = new Uint8Array(0);

export class InnerSession {
  /** True once the inner session wants nothing more, refused, or gave up. */
  isOver = false;
  readonly #session: Session;
  readonly #connection: InnerConnection;
  readonly #left: [Uint8Array, Uint8Array] = [EMPTY, EMPTY];

  constructor(dissector: Dissector, outer: Connection) {
    this.#connection = new InnerConnection(outer, dissector.name);
    this.#session = dissector.open(this.#connection);
  }

  /** Takes the next bytes of a direction. */
  feed(bytes: Uint8Array, fromOriginator: boolean): void {
    if (this.isOver) return;
    const side = fromOriginator ? 0 : 1;
    const all = join(this.#left[side], bytes);
    const consumed = this.#session.feed(all, fromOriginator);
    const rest = consumed < 0 ? EMPTY : all.slice(consumed);
    this.#left[side] = rest;
    this.isOver =
      consumed < 0 || rest.length > MOST_LEFT || this.#connection.hasEnded || this.#session.done === true;
  }

  /** The connection is over: what is pending is emitted. */
  close(): void {
    this.#session.close?.();
  }
}

function join(a: Uint8Array, b: Uint8Array): Uint8Array {
  if (a.length === 0) return b;
  const all = new Uint8Array(a.length + b.length);
  all.set(a);
  all.set(b, a.length);
  return all;
}
