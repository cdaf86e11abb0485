/**
 * Log files of Zeek and Suricata as they grow: lines are read once they are complete, a file that was renamed is read
 * to its end before its successor, one that was cut begins anew. Where reading stood can be kept and taken up again.
 */
import { hash } from 'node:crypto';
import { closeSync, fstatSync, openSync, readdirSync, readSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { LogRecord } from '@thymus/core';
import { typeOfText } from '../files/detect-file-type.ts';
import { EveJson } from './eve-json.ts';
import { MAX_LINE } from './line-reader.ts';
import type { LogFormat } from './log-format.ts';
import { ZeekJson } from './zeek-json.ts';
import { ZeekTsv } from './zeek-tsv.ts';

/** Where reading of a file stands. */
export interface LogPosition {
  /** Tells a file from one that later has its name. */
  inode: number;
  /** Bytes of complete lines that were read. */
  at: number;
  /** Number and hash of its first bytes: others mean another file in the same place. */
  head: string;
}

export type LogPositions = Readonly<Record<string, LogPosition>>;

export interface FollowCounts {
  records: number;
  /** Lines that could not be read, and those of types that nobody declared. */
  broken: number;
  skipped: number;
}

/** Bytes read at a time: other files get their turn. */
const CHUNK = 2 * MAX_LINE;
const HEAD = 256;
const NEWLINE = 10;
/** What is followed in a folder; rotated files have other names and are found by their inode. */
const NAMES = /^[^.].*\.(log|json)$/;

export class LogFollower {
  readonly counts: FollowCounts = { records: 0, broken: 0, skipped: 0 };
  readonly #paths: readonly string[];
  readonly #onRecord: (record: LogRecord) => void;
  readonly #files = new Map<string, FollowedFile>();
  readonly #known: Map<string, LogPosition>;
  /** Files are read one after the other. */
  readonly #buffer = Buffer.alloc(CHUNK);

  /** `paths` are files, which need not be there yet, and folders of them. `from` is where reading stood before. */
  constructor(paths: readonly string[], onRecord: (record: LogRecord) => void, from: LogPositions = {}) {
    this.#paths = paths;
    this.#onRecord = onRecord;
    this.#known = new Map(Object.entries(from));
  }

  get positions(): LogPositions {
    const open = [...this.#files].map(([path, file]) => [path, file.position] as const);
    return Object.fromEntries([...this.#known, ...open]);
  }

  /** Reads what has come; true if there may be more at once. */
  poll(): boolean {
    let hasMore = false;
    for (const path of this.#followed()) {
      this.#change(path);
      if (this.#files.get(path)?.read()) hasMore = true;
    }
    return hasMore;
  }

  close(): void {
    for (const file of this.#files.values()) file.close();
  }

  *#followed(): Generator<string> {
    for (const path of this.#paths) {
      if (!statSync(path, { throwIfNoEntry: false })?.isDirectory()) yield path;
      else for (const name of readdirSync(path).sort()) if (NAMES.test(name)) yield join(path, name);
    }
  }

  /** Opens what stands under a name now, after the rest of what stood there before. */
  #change(path: string): void {
    const stat = statSync(path, { throwIfNoEntry: false });
    const open = this.#files.get(path);
    if (open) {
      if (!stat?.isFile() || stat.ino === open.position.inode) return;
      while (open.read());
      open.close();
      this.#files.delete(path);
    }
    if (!stat?.isFile()) return;
    const known = this.#known.get(path);
    if (!open && known && known.inode !== stat.ino) this.#readRenamed(path, known);
    const file = this.#open(path, known?.inode === stat.ino ? known : undefined);
    if (file) this.#files.set(path, file);
    this.#known.delete(path);
  }

  /** Reads the rest of a file that got another name while nobody followed it. */
  #readRenamed(path: string, known: LogPosition): void {
    const folder = dirname(path);
    for (const name of readdirSync(folder)) {
      const stat = statSync(join(folder, name), { throwIfNoEntry: false });
      if (!stat?.isFile() || stat.ino !== known.inode) continue;
      const file = this.#open(path, known, join(folder, name));
      while (file?.read());
      file?.close();
    }
  }

  #open(path: string, from: LogPosition | undefined, place = path): FollowedFile | undefined {
    try {
      return new FollowedFile(path, openSync(place, 'r'), this.#onRecord, this.counts, this.#buffer, from);
    } catch {
      // It went away, or reading is not permitted yet: the next poll tries again.
      return undefined;
    }
  }
}

class FollowedFile {
  readonly #path: string;
  readonly #fd: number;
  readonly #onRecord: (record: LogRecord) => void;
  readonly #counts: FollowCounts;
  readonly #inode: number;
  readonly #buffer: Buffer;
  readonly #decoder = new TextDecoder();
  #head: string;
  #at = 0;
  /** Of the file, when it was looked at last. */
  #size = 0;
  #format: LogFormat | undefined;
  /** True within a line that is too long: it is passed over up to its end. */
  #isOverlong = false;

  constructor(
    path: string,
    fd: number,
    onRecord: (record: LogRecord) => void,
    counts: FollowCounts,
    buffer: Buffer,
    from: LogPosition | undefined,
  ) {
    this.#buffer = buffer;
    this.#path = path;
    this.#fd = fd;
    this.#onRecord = onRecord;
    this.#counts = counts;
    this.#inode = fstatSync(fd).ino;
    this.#head = '';
    if (from?.at && this.#headOf(Number.parseInt(from.head, 10) || 0) === from.head) this.#resume(from);
  }

  get position(): LogPosition {
    return { inode: this.#inode, at: this.#at, head: this.#head };
  }

  /** Hands on what was held back, too. */
  close(): void {
    for (const record of this.#format?.end() ?? []) this.#tell(record);
    closeSync(this.#fd);
  }

  /** Reads complete lines; true if there may be more. */
  read(): boolean {
    const { size } = fstatSync(this.#fd);
    if (size < this.#at || (this.#at > 0 && !this.#hasSameHead(size))) this.#startOver();
    const count = readSync(this.#fd, this.#buffer, 0, CHUNK, this.#at);
    const end = this.#buffer.subarray(0, count).lastIndexOf(NEWLINE) + 1;
    if (end === 0) return this.#passOverlong(count);
    const text = this.#decoder.decode(this.#buffer.subarray(0, end));
    const lines = text.split('\n');
    lines.pop();
    if (this.#isOverlong) this.#takeOverlong(lines);
    this.#at += end;
    if (this.#head === '') this.#head = this.#headOf(this.#at);
    for (const line of lines) this.#take(line.endsWith('\r') ? line.slice(0, -1) : line);
    return count === CHUNK;
  }

  /** A file that was cut and has grown again since begins otherwise; looked at only when it has changed. */
  #hasSameHead(size: number): boolean {
    const isUnchanged = size === this.#size;
    this.#size = size;
    return isUnchanged || this.#head === '' || this.#headOf(Number.parseInt(this.#head, 10)) === this.#head;
  }

  #takeOverlong(lines: string[]): void {
    this.#isOverlong = false;
    lines.shift();
    this.#counts.broken++;
  }

  /** No line ends in what was read: a full buffer of it is too long. */
  #passOverlong(count: number): boolean {
    if (count < CHUNK) return false;
    this.#isOverlong = true;
    this.#at += count;
    return true;
  }

  #startOver(): void {
    this.#at = 0;
    this.#head = '';
    this.#format = undefined;
    this.#isOverlong = false;
  }

  /** The header of the file says how to read the rest. */
  #resume({ at, head }: LogPosition): void {
    const count = readSync(this.#fd, this.#buffer, 0, Math.min(CHUNK, at), 0);
    const lines = this.#decoder.decode(this.#buffer.subarray(0, count)).split('\n');
    this.#format = this.#formatOf(lines.find((line) => line.trim() !== '') ?? '');
    for (const line of lines) if (line.startsWith('#')) this.#format?.line(line);
    this.#at = at;
    this.#head = head;
  }

  /** How many bytes at the start were looked at, and their hash. */
  #headOf(count: number): string {
    const bytes = Buffer.alloc(Math.min(HEAD, count));
    readSync(this.#fd, bytes, 0, bytes.length, 0);
    return `${bytes.length} ${hash('sha256', bytes).slice(0, 16)}`;
  }

  #take(line: string): void {
    if (!this.#format && line.trim() !== '') this.#format = this.#formatOf(line);
    if (!this.#format) {
      if (line.trim() !== '') this.#counts.broken++;
      return;
    }
    const result = this.#format.line(line);
    if ('skipped' in result) this.#counts.skipped++;
    else if ('broken' in result) this.#counts.broken++;
    else for (const record of result.records) this.#tell(record);
  }

  #tell(record: LogRecord): void {
    this.#counts.records++;
    this.#onRecord(record);
  }

  #formatOf(line: string): LogFormat | undefined {
    const type = typeOfText(line);
    if (type === 'zeek-tsv') return new ZeekTsv(this.#path);
    if (type === 'zeek-json') return new ZeekJson(this.#path);
    return type === 'eve-json' ? new EveJson() : undefined;
  }
}
