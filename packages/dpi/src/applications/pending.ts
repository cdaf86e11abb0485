/** Bytes of one direction that a session wants to see again with more behind them: appended in place, not joined anew. */

const SMALLEST = 4_096;
/** Larger buffers are not kept for the next message. */
const LARGEST_KEPT = 65_536;
const MOST_KEPT = 64;

/**
 * Bytes that may be shown again without anything being taken, before more has to come each time. The longest message
 * that is waited for, 256 KiB in segments of 536 bytes, takes as much: only smaller segments pay.
 */
const PATIENCE = 67_108_864;
/** From then on a session is asked again once there is this much more: the work stays in proportion to the bytes. */
const GROWTH = 1.125;

export class Pending {
  #bytes = new Uint8Array(SMALLEST);
  length = 0;
  /** How much there was when it was shown last, and all that was shown since something was taken. */
  #shown = 0;
  #shownAgain = 0;

  /** False while showing it again would only cost time: small segments must not make long messages quadratic. */
  get isDue(): boolean {
    return this.#shownAgain < PATIENCE || this.length >= this.#shown * GROWTH;
  }

  /** True if some of it was not shown for that reason. */
  get isHeldBack(): boolean {
    return this.#shownAgain >= PATIENCE && this.length > this.#shown;
  }

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

  /** Takes note that all of it was shown. */
  note(): void {
    this.#shown = this.length;
    this.#shownAgain += this.length;
  }

  /** Forgets everything. */
  clear(): void {
    this.length = 0;
    this.#shown = 0;
    this.#shownAgain = 0;
  }

  /** Lets go of the first bytes. */
  consume(count: number): void {
    if (count > 0) this.#shownAgain = 0;
    this.#shown = Math.max(0, this.#shown - count);
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
    pending.clear();
    this.#free.push(pending);
  }
}
