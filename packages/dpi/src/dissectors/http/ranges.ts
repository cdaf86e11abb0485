/** Files that come in parts, as ranges over one or several connections: one record of the whole for each connection. RFC 9110 §14. */
import type { Connection } from '../../dissector.ts';
import type { FileStart, FileTransfer, Place } from '../../files/transfer.ts';

/** Files in parts that are open at a time. */
const MOST_FILES = 4_096;
/** Parts of one file that are told apart, and connections that it is told for. */
const MOST_SPANS = 1_024;
const MOST_PLACES = 64;
/** How long a file waits for its next part once no connection brings one, ms; as Zeek has it. */
const PATIENCE = 120_000;

/** Bytes from `start` up to `end` of a file. */
export interface Span {
  readonly start: number;
  end: number;
}

/** Hears of the type of a file. */
interface TypeListener {
  told(type: string): void;
}

export class RangedFile {
  readonly #transfer: FileTransfer;
  readonly #spans: Span[] = [];
  readonly #open = new Set<string>();
  /** The connections that it came over. */
  readonly #places: Place[] = [];
  #received = 0;
  #last = 0;
  /** The message that brought a part last: as in Zeek its row gets the type. */
  #listener: TypeListener | undefined;
  /** Where it is kept while it is open. */
  readonly key: string;
  isOver = false;

  constructor(key: string, transfer: FileTransfer) {
    this.key = key;
    this.#transfer = transfer;
  }

  get fuid(): string {
    return this.#transfer.fuid;
  }

  get filename(): string | undefined {
    return this.#transfer.filename;
  }

  /** A connection brings a part. */
  join(
    connection: Connection,
    filename: string | undefined,
    total: number | undefined,
    listener: TypeListener,
  ): void {
    if (this.#transfer.mimeType === undefined) this.#listener = listener;
    this.#transfer.filename ??= filename;
    this.#transfer.total ??= total;
    if (this.#open.has(connection.uid) || this.#places.length >= MOST_PLACES) return;
    this.#open.add(connection.uid);
    const { uid, source_ip, source_port, dest_ip, dest_port, local_orig, local_resp } = connection;
    this.#places.push({ uid, source_ip, source_port, dest_ip, dest_port, local_orig, local_resp });
  }

  /** A connection is over. */
  leave(uid: string): void {
    this.#open.delete(uid);
  }

  /** True once no open connection brings the rest, and none has for long. */
  isLate(now: number): boolean {
    return this.#open.size === 0 && now - this.#last > PATIENCE;
  }

  /** Begins a part. Past the cap the first one of all stands for what is too much. */
  span(offset: number): Span {
    if (this.#spans.length >= MOST_SPANS) return this.#spans[0]!;
    const span = { start: offset, end: offset };
    this.#spans.push(span);
    return span;
  }

  /** Bytes behind a part. What continues the file's beginning is looked at, the rest counts. */
  data(span: Span, bytes: Uint8Array, from: number, to: number, ts: number): void {
    if (this.isOver) return;
    const known = this.#transfer.seen;
    const at = span.end;
    span.end += to - from;
    this.#received += to - from;
    this.#last = ts;
    this.#transfer.touch(ts);
    if (at <= known && span.end > known) this.#transfer.data(bytes, from + known - at, to, ts);
    this.#tell();
  }

  /** A part is over: so is the file, once all of it has come. */
  endSpan(): void {
    const { total } = this.#transfer;
    if (total !== undefined && this.#received >= total && this.#covered().seen >= total) this.end(false);
  }

  #tell(): void {
    const { mimeType } = this.#transfer;
    if (mimeType === undefined) return;
    this.#listener?.told(mimeType);
    this.#listener = undefined;
  }

  end(isTimedOut: boolean): void {
    if (this.isOver) return;
    this.isOver = true;
    const { seen, last } = this.#covered();
    this.#transfer.end(isTimedOut, { seen, missing: last - seen, places: this.#places.slice(1) });
    this.#tell();
  }

  #covered(): { seen: number; last: number } {
    let seen = 0;
    let last = 0;
    for (const { start, end } of this.#spans.toSorted((a, b) => a.start - b.start)) {
      if (end <= last) continue;
      seen += end - Math.max(start, last);
      last = end;
    }
    return { seen, last };
  }
}

/** The files in parts of one engine, by who asks and for what. */
export class RangedFiles {
  readonly #files = new Map<string, RangedFile>();

  /** The file of a key, begun where there is none. */
  file(connection: Connection, key: string, start: FileStart): RangedFile {
    const known = this.#files.get(key);
    if (known && !known.isOver) return known;
    this.#makeRoom();
    const file = new RangedFile(key, connection.file(start));
    this.#files.set(key, file);
    return file;
  }

  /** Ends the files that wait in vain. */
  expire(now: number): void {
    for (const file of this.#files.values()) {
      if (file.isLate(now)) file.end(true);
      if (file.isOver) this.#files.delete(file.key);
    }
  }

  #makeRoom(): void {
    if (this.#files.size < MOST_FILES) return;
    const oldest = this.#files.values().next().value!;
    oldest.end(true);
    this.#files.delete(oldest.key);
  }
}

/** The files in parts that one connection has to do with. */
export class ConnectionParts {
  readonly #all: RangedFiles;
  readonly #connection: Connection;
  readonly #mine = new Set<RangedFile>();

  constructor(all: RangedFiles, connection: Connection) {
    this.#all = all;
    this.#connection = connection;
  }

  /** The file at a URL that this connection brings a part of. */
  file(url: string, start: FileStart, total: number | undefined, listener: TypeListener): RangedFile {
    const connection = this.#connection;
    const file = this.#all.file(connection, `${connection.source_ip} ${start.isOrig} ${url}`, start);
    file.join(connection, start.filename, total, listener);
    this.#mine.add(file);
    return file;
  }

  /** The connection is over; others may still bring what is missing. */
  leave(): void {
    for (const file of this.#mine) file.leave(this.#connection.uid);
    this.#mine.clear();
  }
}
