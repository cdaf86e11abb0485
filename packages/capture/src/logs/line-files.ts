/** Files of lines, one per kind of record, as Zeek's logs or JSON lines; or all kinds to the standard output. */
import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { declarationOf, type RecordKind, ThymusError } from '@thymus/core';
import type { LineOptions } from './record-lines.ts';
import { zeekDate, zeekHeader } from './zeek-format.ts';

export interface LineFilesOptions extends LineOptions {
  /** Made if missing. Without one, JSON lines go to the standard output; Zeek's logs need one. */
  folder?: string;
  /** For the #open and #close lines, ms; the system's clock unless given. */
  now?: () => number;
}

const STANDARD_OUTPUT = 1;

/** Each file is made with its first lines, replacing what was there. */
export class LineFiles {
  readonly #options: LineFilesOptions;
  readonly #now: () => number;
  readonly #files = new Map<RecordKind, number>();

  /** Throws BAD_INPUT for Zeek's logs without a folder, BAD_FILE where it cannot be made. */
  constructor(options: LineFilesOptions) {
    if (options.format === 'zeek-tsv' && options.folder === undefined)
      throw new ThymusError('BAD_INPUT', 'Zeek logs need a folder to be written to.');
    if (options.folder !== undefined) makeFolder(options.folder);
    this.#options = options;
    this.#now = options.now ?? Date.now;
  }

  /** Appends whole lines. Throws DISK_FULL or BAD_FILE. */
  append(kind: RecordKind, lines: Uint8Array): void {
    const { folder } = this.#options;
    if (folder === undefined) {
      attempt('the standard output', () => writeAll(STANDARD_OUTPUT, lines));
      return;
    }
    const path = this.#pathOf(folder, kind);
    const fd = this.#files.get(kind) ?? this.#open(kind, path);
    attempt(path, () => writeAll(fd, lines));
  }

  /** Writes the last lines: nothing is complete before. */
  close(): void {
    const { folder, format } = this.#options;
    const files = [...this.#files];
    this.#files.clear();
    try {
      if (format !== 'zeek-tsv' || folder === undefined) return;
      const last = Buffer.from(`#close\t${zeekDate(this.#now())}\n`);
      for (const [kind, fd] of files) attempt(this.#pathOf(folder, kind), () => writeAll(fd, last));
    } finally {
      for (const [, fd] of files) closeSync(fd);
    }
  }

  #pathOf(folder: string, kind: RecordKind): string {
    return join(folder, `${kind}.${this.#options.format === 'ndjson' ? 'ndjson' : 'log'}`);
  }

  #open(kind: RecordKind, path: string): number {
    const { format, withOwnColumns = false } = this.#options;
    const fd = attempt(path, () => openSync(path, 'w'));
    this.#files.set(kind, fd);
    const header = () => Buffer.from(zeekHeader(declarationOf(kind)!, withOwnColumns, this.#now()));
    if (format === 'zeek-tsv') attempt(path, () => writeAll(fd, header()));
    return fd;
  }
}

function writeAll(fd: number, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length; ) at += writeSome(fd, bytes, at);
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
