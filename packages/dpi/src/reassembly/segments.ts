/** TCP segments that came before the bytes in front of them; kept per direction, sorted, without overlap, bounded. */

export interface Segment {
  readonly seq: number;
  readonly bytes: Uint8Array;
}

const MOST_SEGMENTS = 1_024;

/** Difference of two sequence numbers, RFC 9293 section 3.4. */
export const seqDelta = (a: number, b: number): number => (a - b) | 0;

export class Segments {
  /** Bytes held for all streams. */
  held = 0;
  readonly #limit: number;
  readonly #lists = new Map<number, Segment[]>();

  /** `limit` is in bytes, for one direction of one stream. */
  constructor(limit: number) {
    this.#limit = limit;
  }

  has(stream: number): boolean {
    return this.#lists.has(stream);
  }

  first(stream: number): Segment | undefined {
    return this.#lists.get(stream)?.[0];
  }

  /** Keeps a copy of what is new of a segment; false if the stream holds too much now. */
  add(stream: number, seq: number, bytes: Uint8Array): boolean {
    let list = this.#lists.get(stream);
    if (!list) {
      list = [];
      this.#lists.set(stream, list);
    }
    let from = 0;
    let index = 0;
    while (from < bytes.length) {
      const next = list[index];
      if (!next) {
        this.#insert(list, index, seq, bytes, from, bytes.length);
        break;
      }
      const room = Math.min(bytes.length, seqDelta(next.seq, seq));
      if (room > from) {
        this.#insert(list, index, seq, bytes, from, room);
        index++;
      }
      from = Math.max(from, seqDelta(next.seq, seq) + next.bytes.length);
      index++;
    }
    const span = list.reduce((sum, segment) => sum + segment.bytes.length, 0);
    return span <= this.#limit && list.length <= MOST_SEGMENTS;
  }

  shift(stream: number): void {
    const list = this.#lists.get(stream);
    const segment = list?.shift();
    if (segment) this.held -= segment.bytes.length;
    if (list?.length === 0) this.#lists.delete(stream);
  }

  /** Exchanges what two streams hold. */
  swap(a: number, b: number): void {
    const [first, second] = [this.#lists.get(a), this.#lists.get(b)];
    this.#lists.delete(a);
    this.#lists.delete(b);
    if (first) this.#lists.set(b, first);
    if (second) this.#lists.set(a, second);
  }

  drop(stream: number): void {
    while (this.#lists.has(stream)) this.shift(stream);
  }

  #insert(list: Segment[], index: number, seq: number, bytes: Uint8Array, from: number, to: number): void {
    list.splice(index, 0, { seq: (seq + from) | 0, bytes: bytes.slice(from, to) });
    this.held += to - from;
  }
}
