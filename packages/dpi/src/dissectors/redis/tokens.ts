/** Lines and counted strings that Redis messages are made of. Redis serialization protocol (RESP) 2 and 3. */
import { latin1Text } from '../../text.ts';

/** Bytes of a line; inline commands may have 64 KB. */
const MOST_LINE = 65_536;
/** Bytes of a string that are wanted; Zeek's limit for what it logs. */
export const MOST_TEXT = 250;
/** The server's own limit for a string. */
const LONGEST = 0x2000_0000;

const NEWLINE = 10;
const RETURN = 13;

/** Types whose content follows with its length in front: strings, errors, texts with a format. */
const COUNTED = '$!=';

export interface TokenTaker {
  /** A line by its first character; false if it has no place there. */
  line(type: string, bytes: Uint8Array, from: number, to: number): boolean;
  /** The beginning of a counted string; undefined for none. */
  string(type: string, bytes: Uint8Array | undefined): boolean;
}

/** A whole number at `from`; NaN for anything else. */
export function readInteger(bytes: Uint8Array, from: number, to: number): number {
  const text = latin1Text(bytes, from, Math.min(to, from + 12));
  return /^[-+]?\d{1,10}$/.test(text) ? Number(text) : Number.NaN;
}

/** Takes one direction apart. */
export class Tokens {
  /** Bytes of a string that are still to come and not wanted, its line end among them. */
  #unwanted = 0;
  readonly #taker: TokenTaker;

  constructor(taker: TokenTaker) {
    this.#taker = taker;
  }

  /** As `Session.feed`: how many bytes are done with, negative if they are broken. */
  feed(bytes: Uint8Array): number {
    let at = Math.min(this.#unwanted, bytes.length);
    this.#unwanted -= at;
    while (at < bytes.length) {
      const end = bytes.indexOf(NEWLINE, at);
      if (end < 0) return bytes.length - at > MOST_LINE ? -1 : at;
      const to = end > at && bytes[end - 1] === RETURN ? end - 1 : end;
      const type = String.fromCharCode(bytes[at]!);
      if (!COUNTED.includes(type)) {
        if (!this.#taker.line(type, bytes, at, to)) return -1;
        at = end + 1;
        continue;
      }
      const next = this.#string(type, bytes, at, to, end + 1);
      if (next <= 0) return next < 0 ? -1 : at;
      at = Math.min(bytes.length, next);
      this.#unwanted = next - at;
    }
    return at;
  }

  /** Bytes were lost: true if nobody wanted them. */
  gap(length: number): boolean {
    this.#unwanted -= length;
    return this.#unwanted >= 0;
  }

  /** Where the next token begins; 0 = too few bytes, negative = broken. */
  #string(type: string, bytes: Uint8Array, at: number, to: number, from: number): number {
    const length = readInteger(bytes, at + 1, to);
    if (!(length >= -1 && length <= LONGEST)) return -1;
    if (length < 0) return this.#taker.string(type, undefined) ? from : -1;
    const wanted = Math.min(length, MOST_TEXT);
    if (bytes.length - from < wanted) return 0;
    return this.#taker.string(type, bytes.subarray(from, from + wanted)) ? from + length + 2 : -1;
  }
}
