/** A cursor over bytes that hostile input cannot crash: reading past the end sets `bad` and gives zeros. */

export class Reader {
  readonly bytes: Uint8Array;
  readonly end: number;
  at: number;
  /** True once anything was read past the end. Look at it once, when all is read. */
  bad = false;

  constructor(bytes: Uint8Array, at = 0, end = bytes.length) {
    this.bytes = bytes;
    this.at = at;
    this.end = end;
  }

  get left(): number {
    return this.end - this.at;
  }

  /** Moves on by `n` bytes. */
  skip(n: number): void {
    if (n < 0 || n > this.end - this.at) this.bad = true;
    else this.at += n;
  }

  u8(): number {
    if (this.at >= this.end) {
      this.bad = true;
      return 0;
    }
    return this.bytes[this.at++]!;
  }

  u16(): number {
    if (this.at + 2 > this.end) {
      this.bad = true;
      return 0;
    }
    const v = (this.bytes[this.at]! << 8) | this.bytes[this.at + 1]!;
    this.at += 2;
    return v;
  }

  u24(): number {
    if (this.at + 3 > this.end) {
      this.bad = true;
      return 0;
    }
    const v = (this.bytes[this.at]! << 16) | (this.bytes[this.at + 1]! << 8) | this.bytes[this.at + 2]!;
    this.at += 3;
    return v;
  }

  u32(): number {
    const high = this.u16();
    return high * 0x10000 + this.u16();
  }

  u16le(): number {
    const v = this.u16();
    return ((v & 0xff) << 8) | (v >> 8);
  }

  u32le(): number {
    const low = this.u16le();
    return this.u16le() * 0x10000 + low;
  }

  /** A view of the next `n` bytes, empty if they are not all there. */
  take(n: number): Uint8Array {
    if (n < 0 || n > this.end - this.at) {
      this.bad = true;
      return EMPTY;
    }
    this.at += n;
    return this.bytes.subarray(this.at - n, this.at);
  }

  /** The next `n` bytes, one character each. */
  latin1(n: number): string {
    return latin1(this.take(n));
  }
}

const EMPTY = new Uint8Array(0);
const decoder = new TextDecoder('utf-8', { fatal: false });

/** Bytes as text, one character each. */
export function latin1(bytes: Uint8Array, from = 0, to = bytes.length): string {
  let text = '';
  for (let i = from; i < to; i++) text += String.fromCharCode(bytes[i]!);
  return text;
}

/** Bytes as UTF-8 text; what is no UTF-8 becomes U+FFFD. */
export const utf8 = (bytes: Uint8Array): string => decoder.decode(bytes);
