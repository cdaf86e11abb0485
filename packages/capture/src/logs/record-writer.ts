/** Records into files, one per kind, as Zeek's logs or JSON lines; or all as JSON lines to the standard output. */
import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { declarationOf, type LogRecord, type RecordKind, ThymusError } from '@thymus/core';
import { TextBuffer } from './text-buffer.ts';
import { zeekDate, zeekHeader, zeekLine } from './zeek-format.ts';

export interface RecordWriterOptions {
  format: 'zeek-tsv' | 'ndjson';
  /** Made if missing. Without one, JSON lines go to the standard output; Zeek's logs need one. */
  folder?: string;
  /** Also the columns and kinds that Zeek does not have. */
  withOwnColumns?: boolean;
  /** For the #open and #close lines, ms; the system's clock unless given. */
  now?: () => number;
}

export interface RecordWriter {
  /** Throws DISK_FULL or BAD_FILE. */
  write(record: LogRecord): void;
  /** Writes what is pending and the last lines: nothing is complete before. */
  close(): void;
  /** How many records of each kind were written. */
  readonly counts: ReadonlyMap<RecordKind, number>;
}

/** Kinds that are ours alone: left out of Zeek's logs unless own columns are asked for. */
const OWN_KINDS: ReadonlySet<RecordKind> = new Set(['conn_update', 'metric']);

const STANDARD_OUTPUT = 1;
const NEWLINE = 10;

/**
 * Writes `<kind>.log` or `<kind>.ndjson`, replacing what was there. JSON lines hold the records as they are, times in
 * ms. Throws BAD_INPUT for Zeek's logs without a folder.
 */
export function createRecordWriter(options: RecordWriterOptions): RecordWriter {
  if (options.format === 'zeek-tsv' && options.folder === undefined)
    throw new ThymusError('BAD_INPUT', 'Zeek logs need a folder to be written to.');
  if (options.folder !== undefined) makeFolder(options.folder);
  return new FolderWriter(options);
}

/** Written at a time, in bytes. */
const PIECE = 262_144;

/** A file, or the standard output, written in pieces. */
class Output {
  readonly text = new TextBuffer(PIECE * 2);
  readonly #path: string;
  readonly #fd: number;

  constructor(path: string | undefined) {
    this.#path = path ?? 'the standard output';
    this.#fd = path === undefined ? STANDARD_OUTPUT : attempt(path, () => openSync(path, 'w'));
  }

  endLine(): void {
    this.text.byte(NEWLINE);
    if (this.text.at >= PIECE) this.#flush();
  }

  close(): void {
    try {
      this.#flush();
    } finally {
      if (this.#fd !== STANDARD_OUTPUT) closeSync(this.#fd);
    }
  }

  #flush(): void {
    const bytes = this.text.written;
    this.text.reset();
    attempt(this.#path, () => {
      for (let at = 0; at < bytes.length; ) at += writeSome(this.#fd, bytes, at);
    });
  }
}

/** A pipe whose reader is slow may refuse for a while (EAGAIN): then this waits, so that memory stays bounded. */
function writeSome(fd: number, bytes: Uint8Array, at: number): number {
  try {
    return writeSync(fd, bytes, at);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
    return 0;
  }
}

type Take = (record: LogRecord) => void;

/** How records of one kind are written, and how many were. */
interface Kind {
  readonly take: Take | undefined;
  count: number;
}

class FolderWriter implements RecordWriter {
  readonly #options: RecordWriterOptions;
  readonly #now: () => number;
  readonly #kinds = new Map<RecordKind, Kind>();
  readonly #outputs: Output[] = [];
  #standard: Output | undefined;

  constructor(options: RecordWriterOptions) {
    this.#options = options;
    this.#now = options.now ?? Date.now;
  }

  get counts(): ReadonlyMap<RecordKind, number> {
    const written = [...this.#kinds].filter(([, { count }]) => count > 0);
    return new Map(written.map(([kind, { count }]) => [kind, count]));
  }

  write(record: LogRecord): void {
    let kind = this.#kinds.get(record.kind);
    if (!kind) {
      kind = { take: this.#begin(record.kind), count: 0 };
      this.#kinds.set(record.kind, kind);
    }
    if (!kind.take) return;
    kind.take(record);
    kind.count++;
  }

  close(): void {
    const isZeek = this.#options.format === 'zeek-tsv';
    try {
      if (isZeek) for (const { text } of this.#outputs) text.text(`#close\t${zeekDate(this.#now())}\n`);
    } finally {
      for (const output of this.#outputs.splice(0)) output.close();
      this.#standard = undefined;
    }
  }

  /** How records of a kind are written; undefined for kinds that are left out. */
  #begin(kind: RecordKind): Take | undefined {
    const { format, folder, withOwnColumns = false } = this.#options;
    if (folder === undefined) {
      this.#standard ??= this.#open(undefined);
      return asJson(this.#standard);
    }
    if (format === 'ndjson') return asJson(this.#open(join(folder, `${kind}.ndjson`)));
    if (!withOwnColumns && OWN_KINDS.has(kind)) return undefined;
    const declaration = declarationOf(kind)!;
    const output = this.#open(join(folder, `${kind}.log`));
    output.text.text(zeekHeader(declaration, withOwnColumns, this.#now()));
    const line = zeekLine(declaration, withOwnColumns);
    return (record) => {
      line(output.text, record);
      output.endLine();
    };
  }

  #open(path: string | undefined): Output {
    const output = new Output(path);
    this.#outputs.push(output);
    return output;
  }
}

const asJson =
  (output: Output): Take =>
  (record) => {
    output.text.text(JSON.stringify(record));
    output.endLine();
  };

function makeFolder(folder: string): void {
  attempt(folder, () => mkdirSync(folder, { recursive: true }));
}

const REASONS: Readonly<Record<string, string>> = {
  EACCES: 'writing there is not permitted',
  EROFS: 'the disk can only be read',
  EISDIR: 'it is a folder',
  EEXIST: 'a file is in the way',
  ENOTDIR: 'a file is in the way',
  EPIPE: 'whoever read it has ended',
};

function attempt<T>(path: string, action: () => T): T {
  try {
    return action();
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code ?? 'unknown reason';
    if (code === 'ENOSPC' || code === 'EDQUOT')
      throw new ThymusError('DISK_FULL', `No room is left to write ${path}.`, { cause });
    throw new ThymusError('BAD_FILE', `Cannot write ${path}: ${REASONS[code] ?? code}.`, { cause });
  }
}
