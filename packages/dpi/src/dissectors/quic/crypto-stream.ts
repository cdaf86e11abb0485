/** The handshake of one side, put together from parts in any order. RFC 9000 §19.6. */

/** Bytes of a hello; those with post-quantum keys have some 2 KB. */
const MOST = 65_536;
/** Gaps between parts; a client that scrambles its hello makes some 20. */
const MOST_RANGES = 128;

export class CryptoStream {
  #bytes = new Uint8Array(0);
  /** What is there, as pairs of first and past-the-last place, sorted, apart from each other. */
  #ranges: [number, number][] = [];
  #read = 0;

  /** Adds a part; what would lie too far off is left out. */
  add(offset: number, part: Uint8Array): void {
    const end = offset + part.length;
    if (part.length === 0 || end > MOST || this.#ranges.length >= MOST_RANGES) return;
    if (end > this.#bytes.length) {
      const larger = new Uint8Array(Math.min(MOST, Math.max(end, this.#bytes.length * 2, 4096)));
      larger.set(this.#bytes);
      this.#bytes = larger;
    }
    this.#bytes.set(part, offset);
    const apart = this.#ranges.filter(([from, to]) => to < offset || from > end);
    const touching = this.#ranges.filter(([from, to]) => to >= offset && from <= end);
    const from = Math.min(offset, ...touching.map((range) => range[0]));
    const to = Math.max(end, ...touching.map((range) => range[1]));
    this.#ranges = [...apart, [from, to] as [number, number]].sort((a, b) => a[0] - b[0]);
  }

  /** The next whole handshake message, as type and body; undefined while it is not all there. */
  next(): { type: number; body: Uint8Array } | undefined {
    const [start, end] = this.#ranges[0] ?? [0, 0];
    const at = this.#read;
    if (start !== 0 || end - at < 4) return undefined;
    const bytes = this.#bytes;
    const length = (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!;
    if (end - at - 4 < length) return undefined;
    this.#read = at + 4 + length;
    return { type: bytes[at]!, body: bytes.subarray(at + 4, this.#read) };
  }
}
