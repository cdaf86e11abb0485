/** Protocols that are named but not read further: by what one side says, and where that is not enough, by the answer. */
import type { Connection, Dissector, Session } from '../dissector.ts';

/** What a protocol looks like. */
export interface Shape extends Pick<Dissector, 'name' | 'transports' | 'ports' | 'begins'> {
  /**
   * How likely the first bytes of a direction are this protocol, as `Dissector.probe`. 1 is certain, anything less has
   * to be confirmed by an answer.
   */
  asks(bytes: Uint8Array, fromOriginator: boolean, destPort: number): number;
  /** True if the first bytes of the other side answer what was asked. Never called where asking was certain. */
  answers?(bytes: Uint8Array, asked: Uint8Array): boolean;
}

/** Bytes of what was asked that are kept until the answer comes. */
const MOST_ASKED = 256;

class Recognition implements Session {
  done = false;
  readonly #connection: Connection;
  readonly #shape: Shape;
  #asked: Uint8Array | undefined;
  #fromOriginator = true;

  constructor(connection: Connection, shape: Shape) {
    this.#connection = connection;
    this.#shape = shape;
  }

  feed(bytes: Uint8Array, fromOriginator: boolean): number {
    if (!this.#asked) return this.#ask(bytes, fromOriginator);
    if (fromOriginator === this.#fromOriginator) return bytes.length;
    if (this.#shape.answers?.(bytes, this.#asked) !== true) return -1;
    return this.#confirm(bytes);
  }

  #ask(bytes: Uint8Array, fromOriginator: boolean): number {
    if (this.#shape.asks(bytes, fromOriginator, this.#connection.dest_port) >= 1) return this.#confirm(bytes);
    this.#asked = bytes.slice(0, MOST_ASKED);
    this.#fromOriginator = fromOriginator;
    return bytes.length;
  }

  #confirm(bytes: Uint8Array): number {
    this.#connection.confirm();
    this.done = true;
    return bytes.length;
  }
}

/** A dissector that only names its protocol. */
export const recognise = ({ asks, answers, ...rest }: Shape): Dissector => {
  const shape: Shape = { ...rest, asks, ...(answers && { answers }) };
  return { ...rest, probe: asks, open: (connection) => new Recognition(connection, shape) };
};

/** The number in the four bytes at `at`, most significant first; past the end counts as zero. */
export const u32At = (bytes: Uint8Array, at: number): number =>
  (bytes[at] ?? 0) * 0x1000000 +
  ((bytes[at + 1] ?? 0) << 16) +
  ((bytes[at + 2] ?? 0) << 8) +
  (bytes[at + 3] ?? 0);

/** True if the `length` bytes at `at` equal those of another message at `otherAt`. */
export function isEqualPart(
  bytes: Uint8Array,
  at: number,
  other: Uint8Array,
  otherAt: number,
  length: number,
): boolean {
  for (let i = 0; i < length; i++) if (bytes[at + i] !== other[otherAt + i]) return false;
  return at + length <= bytes.length;
}
