/** Bytes of one direction that a session wants to see again with more behind them: appended in place, not joined anew. */

const SMALLEST = 4_096;
/** Larger buffers are not kept for the next message. */
const LARGEST_KEPT = 65_536;
const MOST_KEPT = 64;

export class Pending {
  #bytes = new Uint8Array(SMALLEST);
  length = 0;

  get capacity(): number {
    return this.#bytes.length;
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

/** Buffers that were used up, for the next message: making new ones, filled with zeros, costs more than filling them. */
export class PendingPool {
  readonly #free: Pending[] = [];

  take(first: Uint8Array): Pending {
    const pending = this.#free.pop() ?? new Pending();
    pending.append(first);
    return pending;
  }

  /** Takes a buffer back; nobody may hold a view of it any more. */
  give(pending: Pending): void {
    if (pending.capacity > LARGEST_KEPT || this.#free.length >= MOST_KEPT) return;
    pending.length = 0;
    this.#free.push(pending);
  }
}
