/** Two 32-bit hashes of bytes at once: enough to tell millions of packets apart, cheap enough for each of them. */
import { mix32 } from '@thymus/core';

const A = 0x85ebca6b;
const B = 0xc2b2ae35;

export class Digest {
  #a = 0;
  #b = 0;

  reset(seed: number): void {
    this.#a = seed ^ 0x9e3779b9;
    this.#b = seed + 0x165667b1;
  }

  word(value: number): void {
    const a = Math.imul(this.#a ^ value, A);
    const b = Math.imul(this.#b + value, B);
    this.#a = (a << 13) | (a >>> 19);
    this.#b = b ^ (b >>> 15);
  }

  /** Takes the bytes from `at` to `end`, whatever their number. */
  range(bytes: Uint8Array, at: number, end: number): void {
    let i = at;
    for (; i + 4 <= end; i += 4)
      this.word((bytes[i]! << 24) | (bytes[i + 1]! << 16) | (bytes[i + 2]! << 8) | bytes[i + 3]!);
    for (; i < end; i++) this.word(bytes[i]!);
  }

  /** The first hash as an unsigned number. */
  get first(): number {
    return mix32(this.#a ^ this.#b);
  }

  /** The second hash, as a signed number as an Int32Array holds it. */
  get second(): number {
    return mix32(this.#b) | 0;
  }
}
