/** Capture files in the order of time, as if one machine had recorded them. */
import { setImmediate } from 'node:timers/promises';
import type { CaptureProgress, CaptureSummary, PacketSink } from '../source.ts';
import { CaptureFile } from './capture-file.ts';

export interface ReadCapturesOptions {
  /** Called after each chunk of a file, a few hundred times a second. */
  onProgress?(progress: CaptureProgress): void;
  /** Ends reading; the promise then rejects with the signal's reason. */
  signal?: AbortSignal;
}

/**
 * How many files are read side by side. Where more than these overlap in time, the later ones wait for a place, and
 * their first packets come late.
 */
const MAX_OPEN = 64;

/**
 * Hands all packets of all files to the sink, merged by time; packets within a file stay in its order. Bad content
 * never rejects: it becomes a fault, and the rest goes on. Lets other work run between chunks of half a megabyte.
 */
export async function readCaptures(
  paths: readonly string[],
  sink: PacketSink,
  options: ReadCapturesOptions = {},
): Promise<CaptureSummary> {
  const files = paths.map((path) => new CaptureFile(path));
  try {
    await new Merge(files, sink, options).run();
  } finally {
    for (const file of files) file.close();
  }
  return {
    packets: total(files, 'packets'),
    bytes: total(files, 'bytes'),
    faults: files.flatMap((file) => file.fault ?? []),
  };
}

const total = (files: readonly CaptureFile[], what: 'packets' | 'bytes' | 'bytesRead' | 'size'): number =>
  files.reduce((sum, file) => sum + file[what], 0);

class Merge {
  readonly #files: readonly CaptureFile[];
  readonly #sink: PacketSink;
  readonly #options: ReadCapturesOptions;
  /** Files that wait for their time to come, earliest first. */
  #waiting: CaptureFile[] = [];
  #open: CaptureFile[] = [];

  constructor(files: readonly CaptureFile[], sink: PacketSink, options: ReadCapturesOptions) {
    this.#files = files;
    this.#sink = sink;
    this.#options = options;
  }

  async run(): Promise<void> {
    await this.#lookAtAll();
    for (await this.#openDue(); this.#open.length > 0; await this.#openDue()) {
      const [first, limit] = this.#earliest();
      if (!first.drain(limit, this.#sink)) continue;
      if (!(await first.advance())) this.#open.splice(this.#open.indexOf(first), 1);
      await this.#pause();
    }
  }

  /** Finds out when each file begins. Few files stay open, many are opened again when their time has come. */
  async #lookAtAll(): Promise<void> {
    for (const file of this.#files) {
      if (await file.open()) this.#waiting.push(file);
      if (this.#files.length > MAX_OPEN) file.close();
      await this.#pause();
    }
    this.#waiting.sort((a, b) => a.ts - b.ts);
  }

  /** Opens the files that begin before the next packet of those that are open. */
  async #openDue(): Promise<void> {
    while (this.#waiting.length > 0 && this.#open.length < MAX_OPEN) {
      const next = this.#waiting[0]!;
      if (this.#open.some((file) => file.ts < next.ts)) return;
      this.#waiting.shift();
      const isReady = this.#files.length <= MAX_OPEN || (await next.open());
      if (isReady) this.#open.push(next);
    }
  }

  /** The file with the earliest packet, and the time of the earliest packet elsewhere. */
  #earliest(): [CaptureFile, number] {
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
    this.#options.onProgress?.({
      bytesRead: total(this.#files, 'bytesRead'),
      bytesTotal: total(this.#files, 'size'),
      packets: total(this.#files, 'packets'),
    });
    await setImmediate();
    this.#options.signal?.throwIfAborted();
  }
}
