/** Bytes of one direction that a session wants to see again with more behind them: appended in place, not joined anew. */

const SMALLEST = 2_048;

export class Pending {
  #bytes: Uint8Array;
  length = 0;

  constructor(first: Uint8Array) {
    this.#bytes = new Uint8Array(Math.max(SMALLEST, first.length * 2));
    this.append(first);
  }

  /** Everything that waits, as a view that the next change makes worthless. */
  get view(): Uint8Array {
    return this.#bytes.subarray(0, this.length);
  }

  append(more: Uint8Array): void {
    const needed = this.length + more.length;
    if (needed > this.#bytes.length) {
      const grown = new Uint8Array(Math.max(needed, this.#bytes.length * 2));
      grown.set(this.view);
      this.#bytes = grown;
    }
    this.#bytes.set(more, this.length);
    this.length = needed;
  }

  /** Lets go of the first bytes. */
  consume(count: number): void {
    this.#bytes.copyWithin(0, count, this.length);
    this.length -= count;
  }
}
