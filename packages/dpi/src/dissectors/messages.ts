/** Takes a stream apart into messages that have their length in front; of long ones only the beginning is waited for. */

export interface Framing {
  /** Least bytes that tell how long a message is. */
  readonly header: number;
  /** Bytes of a message that are wanted at most; the rest is passed over without being kept. */
  readonly most: number;
  /** Bytes of the message at `at`, its header included; 0 = too few bytes to tell, negative = broken. */
  lengthOf(bytes: Uint8Array, at: number): number;
  /** Bytes of the message at `at` that are wanted, where that is less than `most`. */
  wantedOf?(bytes: Uint8Array, at: number): number;
}

/** One direction of such a stream. */
export class Messages {
  /** Bytes of a long message that are still to come and not wanted. */
  #unwanted = 0;
  readonly #framing: Framing;
  readonly #take: (message: Uint8Array) => boolean;

  /** `take` gets each message, or its beginning; it returns false to stop behind it. */
  constructor(framing: Framing, take: (message: Uint8Array) => boolean) {
    this.#framing = framing;
    this.#take = take;
  }

  /** As `Session.feed`: how many bytes are done with, negative if they are broken. */
  feed(bytes: Uint8Array): number {
    const { header, most } = this.#framing;
    let at = Math.min(this.#unwanted, bytes.length);
    this.#unwanted -= at;
    while (bytes.length - at >= header) {
      const length = this.#framing.lengthOf(bytes, at);
      if (length < 0) return -1;
      const wanted = Math.min(length, this.#framing.wantedOf?.(bytes, at) ?? most);
      if (length === 0 || bytes.length - at < wanted) break;
      const goesOn = this.#take(bytes.subarray(at, at + wanted));
      const end = Math.min(bytes.length, at + length);
      this.#unwanted = at + length - end;
      at = end;
      if (!goesOn) break;
    }
    return at;
  }

  /** Bytes were lost: true if nobody wanted them. */
  gap(length: number): boolean {
    this.#unwanted -= length;
    return this.#unwanted >= 0;
  }
}
