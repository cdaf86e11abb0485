/** Bytes of messages that span several records: a buffer that grows to a limit. */

const EMPTY = new Uint8Array(0);

/** Gathers bytes of one direction until whole messages stand in it. */
export class Gathering {
  readonly #limit: number;
  #bytes = EMPTY;
  #length = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  get isEmpty(): boolean {
    return this.#length === 0;
  }

  /** What was gathered and not dropped, as a view until the next call. */
  get view(): Uint8Array {
    return this.#bytes.subarray(0, this.#length);
  }

  /** Adds a copy of the bytes; false if that would pass the limit. */
  add(bytes: Uint8Array): boolean {
    const length = this.#length + bytes.length;
    if (length > this.#limit) return false;
    if (length > this.#bytes.length) {
      const larger = new Uint8Array(Math.max(length, this.#bytes.length * 2, 4096));
      larger.set(this.view);
      this.#bytes = larger;
    }
    this.#bytes.set(bytes, this.#length);
    this.#length = length;
    return true;
  }

  /** Forgets the first `n` bytes. */
  drop(n: number): void {
    this.#bytes.copyWithin(0, n, this.#length);
    this.#length -= n;
    if (this.#length === 0) this.#bytes = EMPTY;
  }
}
