/** A named pipe: remote procedure calls within reads, writes and transactions. MS-RPCE §2.1.1.2. */
import type { Connection } from '../../dissector.ts';
import type { Authentication } from '../authentication.ts';
import { Association } from '../dce-rpc/association.ts';
import type { Sink } from './sink.ts';

/** Bytes of a packet that is not complete yet; longer ones end it. */
const MOST_LEFT = 65_536;

const NOTHING = new Uint8Array(0);

export class Pipe {
  readonly #association: Association;
  readonly #left: [Uint8Array, Uint8Array] = [NOTHING, NOTHING];
  #isOver = false;

  constructor(connection: Connection, authentication: Authentication, name: string | undefined) {
    this.#association = new Association(connection, authentication, name);
  }

  push(bytes: Uint8Array, fromOriginator: boolean): void {
    if (this.#isOver || bytes.length === 0) return;
    const side = fromOriginator ? 0 : 1;
    const left = this.#left[side];
    let all = bytes;
    if (left.length > 0) {
      all = new Uint8Array(left.length + bytes.length);
      all.set(left);
      all.set(bytes, left.length);
    }
    const used = this.#association.feed(all, fromOriginator);
    this.#left[side] = used >= 0 && used < all.length ? all.slice(used) : NOTHING;
    this.#isOver = used < 0 || this.#left[side].length > MOST_LEFT;
  }

  gap(length: number, fromOriginator: boolean): void {
    this.#isOver ||= !this.#association.gap(length, fromOriginator);
  }

  /** Takes the bytes of one read or write. */
  sink(fromOriginator: boolean): Sink {
    return {
      data: (bytes, from, to) => this.push(bytes.subarray(from, to), fromOriginator),
      gap: (length) => this.gap(length, fromOriginator),
    };
  }

  close(): void {
    this.#association.close();
  }
}
