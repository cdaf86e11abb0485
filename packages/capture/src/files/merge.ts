/** Several files side by side, in the order of time, with a bound on how many are open. */
import { setImmediate } from 'node:timers/promises';

/** Something that lies in a file and comes roughly in the order of time. */
export interface TimedFile {
  /** Time of what comes next, ms; infinite if nothing does. */
  readonly ts: number;
  /** Finds out `ts` at the least cost, and closes again; false if there is nothing. */
  peek(): Promise<boolean>;
  /** Reads up to the first item, from the beginning; false if there is none. */
  open(): Promise<boolean>;
  /** Hands on what is in memory up to `limit`; true if the file then has to `advance`. */
  drain(limit: number): boolean;
  /** Reads on; false if nothing is left, which closes the file. */
  advance(): Promise<boolean>;
  close(): void;
}

/**
 * How many files are read side by side. Where more than these overlap in time, the later ones wait for a place, and
 * what they hold comes late.
 */
export const MAX_OPEN = 64;

/** Other work gets its turn after so many pieces, some 20 ms of dissection: a turn costs as much as forty packets. */
const PIECES_A_TURN = 8;

/**
 * Runs through all files, merged by time. `pause` is called after every few pieces that were read, and other work may run
 * then; what it throws ends the run. Closes all files.
 */
export async function mergeFiles(files: readonly TimedFile[], pause: () => void): Promise<void> {
  try {
    await new Merge(files, pause).run();
  } finally {
    for (const file of files) file.close();
  }
}

class Merge {
  readonly #files: readonly TimedFile[];
  readonly #onPause: () => void;
  /** Files that wait for their time to come, earliest first. */
  readonly #waiting: TimedFile[] = [];
  readonly #open: TimedFile[] = [];
  #pieces = 0;

  constructor(files: readonly TimedFile[], onPause: () => void) {
    this.#files = files;
    this.#onPause = onPause;
  }

  async run(): Promise<void> {
    await this.#lookAtAll();
    for (await this.#openDue(); this.#open.length > 0; await this.#openDue()) {
      const [first, limit] = this.#earliest();
      if (!first.drain(limit)) continue;
      if (!(await first.advance())) this.#open.splice(this.#open.indexOf(first), 1);
      if (++this.#pieces % PIECES_A_TURN === 0) await this.#pause();
    }
    await this.#pause();
  }

  /** Few files stay open from the start; many are opened again when their time has come. */
  get #areFew(): boolean {
    return this.#files.length <= MAX_OPEN;
  }

  async #lookAtAll(): Promise<void> {
    for (const file of this.#files) {
      if (await (this.#areFew ? file.open() : file.peek())) this.#waiting.push(file);
      await this.#pause();
    }
    this.#waiting.sort((a, b) => a.ts - b.ts);
  }

  /** Opens the files that begin before the next item of those that are open. */
  async #openDue(): Promise<void> {
    while (this.#waiting.length > 0 && this.#open.length < MAX_OPEN) {
      const next = this.#waiting[0]!;
      if (this.#open.some((file) => file.ts < next.ts)) return;
      this.#waiting.shift();
      if (this.#areFew || (await next.open())) this.#open.push(next);
    }
  }

  /** The file with the earliest item, and the time of the earliest item elsewhere. */
  #earliest(): [TimedFile, number] {
    let first = this.#open[0]!;
    let limit = Number.POSITIVE_INFINITY;
    if (this.#waiting.length > 0 && this.#open.length < MAX_OPEN) limit = this.#waiting[0]!.ts;
    for (let i = 1; i < this.#open.length; i++) {
      const file = this.#open[i]!;
      if (file.ts < first.ts) {
        limit = Math.min(limit, first.ts);
        first = file;
      } else limit = Math.min(limit, file.ts);
    }
    return [first, limit];
  }

  async #pause(): Promise<void> {
    await setImmediate();
    this.#onPause();
  }
}
