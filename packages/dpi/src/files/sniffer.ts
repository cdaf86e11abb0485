/** Tells the type of a file by its first bytes, in whatever pieces they come, without keeping more than those. */
import { MIME_WINDOW, mimeType } from './mime.ts';

export class Sniffer {
  /** Type by content; undefined until enough was seen, or where nobody knows it. */
  type: string | undefined;
  isOver = false;
  /** As many bytes as are looked at. */
  readonly #window: number;
  #head: Uint8Array | undefined;
  #length = 0;

  /** `total` is the length of the file, where that is known. */
  constructor(total: number = MIME_WINDOW) {
    this.#window = Math.min(MIME_WINDOW, total);
  }

  /** Takes the next bytes of the file; where the first ones come in one piece nothing is copied. */
  data(bytes: Uint8Array, from: number, to: number): void {
    if (this.isOver) return;
    const n = Math.min(to - from, this.#window - this.#length);
    if (this.#length === 0 && n === this.#window) this.#tell(bytes.subarray(from, from + n));
    else this.#keep(bytes, from, n);
  }

  /** No more bytes will come: those that came must do. */
  end(): void {
    if (!this.isOver && this.#head) this.#tell(this.#head.subarray(0, this.#length));
    this.isOver = true;
  }

  #keep(bytes: Uint8Array, from: number, n: number): void {
    const needed = this.#length + n;
    if (!this.#head || this.#head.length < needed) {
      const grown = new Uint8Array(needed > 1_024 ? MIME_WINDOW : Math.max(64, needed * 2));
      if (this.#head) grown.set(this.#head);
      this.#head = grown;
    }
    this.#head.set(bytes.subarray(from, from + n), this.#length);
    this.#length = needed;
    if (needed >= this.#window) this.#tell(this.#head.subarray(0, needed));
  }

  #tell(head: Uint8Array): void {
    this.isOver = true;
    this.type = mimeType(head);
    this.#head = undefined;
  }
}
