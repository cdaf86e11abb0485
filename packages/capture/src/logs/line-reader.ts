/** Text files line by line, in batches, decompressed; a line that never ends cannot fill the memory. */
import { Input } from '../files/input.ts';

/** Far more than any line of a log: certificates with thousands of names stay below 200 KiB. */
export const MAX_LINE = 524_288;

const NEWLINE = 10;

export class LineReader {
  readonly size: number;
  /** Number of the first line of the last batch, from 1. */
  firstLine = 1;
  readonly #input: Input;
  readonly #bytes: Uint8Array;
  readonly #decoder = new TextDecoder();
  #end = 0;
  #nextLine = 1;
  #isOverlong = false;

  /** Throws BAD_FILE if the file cannot be opened. */
  constructor(path: string, capacity = MAX_LINE) {
    this.#input = new Input(path);
    this.size = this.#input.size;
    this.#bytes = new Uint8Array(capacity);
  }

  get bytesRead(): number {
    return this.#input.bytesRead;
  }

  /**
   * The next lines, without their ends; a line longer than the buffer comes as undefined. No batch at the end of the
   * file. Rejects with BAD_FILE for damaged compression.
   */
  async next(): Promise<(string | undefined)[] | undefined> {
    this.firstLine = this.#nextLine;
    const count = await this.#input.read(this.#bytes.subarray(this.#end));
    const end = this.#end + count;
    if (count === 0 && end === 0) return this.#last();
    const cut = count === 0 ? end : this.#bytes.lastIndexOf(NEWLINE, end - 1) + 1;
    const lines = cut > 0 ? this.#split(cut) : this.#withoutEnd(end);
    this.#bytes.copyWithin(0, cut, end);
    this.#end = cut > 0 || !this.#isOverlong ? end - cut : 0;
    this.#nextLine += lines.length;
    return lines;
  }

  close(): void {
    this.#input.close();
  }

  /** After the end: the line that was too long and ended with the file, if there is one. */
  #last(): undefined[] | undefined {
    if (!this.#isOverlong) return undefined;
    this.#isOverlong = false;
    return [undefined];
  }

  #split(cut: number): (string | undefined)[] {
    const text = this.#decoder.decode(this.#bytes.subarray(0, cut));
    const lines: (string | undefined)[] = text
      .split('\n')
      .map((line) => (line.endsWith('\r') ? line.slice(0, -1) : line));
    if (text.endsWith('\n')) lines.pop();
    if (this.#isOverlong) lines[0] = undefined;
    this.#isOverlong = false;
    return lines;
  }

  /** No line ends in the buffer: if it is full, the line is too long, and its parts are thrown away. */
  #withoutEnd(end: number): (string | undefined)[] {
    if (end === this.#bytes.length) this.#isOverlong = true;
    return [];
  }
}
