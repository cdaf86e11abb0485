/** What a message's body says of the files in it: how many, their names, their types by content. */
import { MIME_WINDOW, mimeType } from '../../files/mime.ts';

/** Files of one message that are listed. */
const MAX_FILES = 15;

/** The files of one message. */
export class Files {
  readonly names: string[] = [];
  readonly types: string[] = [];
  count = 0;

  begin(name: string | undefined): void {
    if (this.count++ < MAX_FILES && name !== undefined) this.names.push(name);
  }

  sniffed(bytes: Uint8Array): void {
    const type = this.types.length < MAX_FILES ? mimeType(bytes) : undefined;
    if (type !== undefined) this.types.push(type);
  }
}

/** Where body bytes go. */
export interface BodySink {
  data(bytes: Uint8Array, from: number, to: number): void;
  /** The body is over. */
  end(): void;
}

/** One file: keeps its first bytes until they are enough to tell the type. A file of no bytes is none. */
export class FileSink implements BodySink {
  readonly #files: Files;
  readonly #name: string | undefined;
  readonly #isSniffedAtEnd: boolean;
  /** As many bytes as are looked at. */
  readonly #window: number;
  #head: Uint8Array | undefined;
  #length = 0;
  #isBegun = false;
  #isSniffed: boolean;

  /**
   * `isWhole` is false for a part of a file that does not begin at its beginning, `isSniffedAtEnd` for one that does
   * not reach its end; `length` is what the file will have, where that is known.
   */
  constructor(
    files: Files,
    name: string | undefined,
    isWhole = true,
    isSniffedAtEnd = true,
    length = MIME_WINDOW,
  ) {
    this.#files = files;
    this.#name = name;
    this.#isSniffed = !isWhole;
    this.#isSniffedAtEnd = isSniffedAtEnd;
    this.#window = isSniffedAtEnd && length < MIME_WINDOW ? length : MIME_WINDOW;
  }

  data(bytes: Uint8Array, from: number, to: number): void {
    if (from === to) return;
    if (!this.#isBegun) this.#files.begin(this.#name);
    this.#isBegun = true;
    if (this.#isSniffed) return;
    if (this.#length === 0 && to - from >= this.#window)
      this.#sniff(bytes.subarray(from, from + this.#window));
    else this.#keep(bytes, from, to);
  }

  end(): void {
    if (!this.#isSniffed && this.#isSniffedAtEnd && this.#length > 0)
      this.#sniff(this.#head!.subarray(0, this.#length));
  }

  #keep(bytes: Uint8Array, from: number, to: number): void {
    const n = Math.min(to - from, this.#window - this.#length);
    const needed = this.#length + n;
    if (!this.#head || this.#head.length < needed) {
      const grown = new Uint8Array(needed > 1024 ? MIME_WINDOW : Math.max(64, needed * 2));
      if (this.#head) grown.set(this.#head);
      this.#head = grown;
    }
    this.#head.set(bytes.subarray(from, from + n), this.#length);
    this.#length = needed;
    if (needed === this.#window) this.#sniff(this.#head.subarray(0, needed));
  }

  #sniff(bytes: Uint8Array): void {
    this.#isSniffed = true;
    this.#files.sniffed(bytes);
    this.#head = undefined;
  }
}
