/** The files in one message: which there are, their names, their types by content; one `files` record for each. */
import type { Connection } from '../../dissector.ts';
import { type FileTransfer, readsFiles } from '../../files/transfer.ts';
import type { Range } from './content-range.ts';
import type { ConnectionParts, RangedFile, Span } from './ranges.ts';

/** Files of one message that are listed. */
const MAX_FILES = 15;

/** The files of one message. */
export class Files {
  readonly ids: string[] = [];
  readonly names: string[] = [];
  readonly types: string[] = [];
  readonly #connection: Connection;
  readonly #isOrig: boolean;
  readonly #parts: ConnectionParts | undefined;
  readonly #url: string;

  /** With `parts`, parts of what lies at the URL are one file, whichever message brings them. */
  constructor(connection: Connection, isOrig: boolean, parts?: ConnectionParts, url = '') {
    this.#connection = connection;
    this.#isOrig = isOrig;
    this.#parts = parts;
    this.#url = url;
  }

  /** The bytes of files matter, not only how many there are. */
  get readsContent(): boolean {
    return readsFiles(this.#connection.fileOptions);
  }

  /** Time of the packet that is read. */
  get ts(): number {
    return this.#connection.ts;
  }

  begin(filename: string | undefined, total: number | undefined): FileTransfer {
    const file = this.#connection.file({
      source: 'HTTP',
      isOrig: this.#isOrig,
      ...(filename !== undefined && { filename }),
      ...(total !== undefined && { total }),
    });
    this.#list(file.fuid, filename);
    return file;
  }

  /** The file that a part belongs to; undefined where parts are not told from each other. */
  beginPart(filename: string | undefined, total: number | undefined): RangedFile | undefined {
    const start = { source: 'HTTP', isOrig: this.#isOrig, ...(filename !== undefined && { filename }) };
    const file = this.#parts?.file(this.#url, start, total, this);
    if (file) this.#list(file.fuid, file.filename);
    return file;
  }

  told(type: string): void {
    if (this.types.length < MAX_FILES) this.types.push(type);
  }

  #list(id: string, name: string | undefined): void {
    if (this.ids.length >= MAX_FILES || this.ids.includes(id)) return;
    this.ids.push(id);
    if (name !== undefined) this.names.push(name);
  }
}

/** Where body bytes go. */
export interface BodySink {
  data(bytes: Uint8Array, from: number, to: number): void;
  /** Bytes that were never seen. */
  gap(length: number): void;
  /** The body is over. */
  end(): void;
}

/** One file of a message. A file of no bytes is none. */
export class FileSink implements BodySink {
  readonly #files: Files;
  readonly #name: string | undefined;
  readonly #total: number | undefined;
  readonly #isCut: boolean;
  #file: FileTransfer | undefined;
  #isTold = false;

  /** `total` is its length, where that is known; `isCut` says that it is a part that will not reach the file's end. */
  constructor(files: Files, name: string | undefined, total?: number, isCut = false) {
    this.#files = files;
    this.#name = name;
    this.#total = total;
    this.#isCut = isCut;
  }

  data(bytes: Uint8Array, from: number, to: number): void {
    if (from === to) return;
    this.#file ??= this.#files.begin(this.#name, this.#total);
    this.#file.data(bytes, from, to);
    if (!this.#isTold) this.#tell();
  }

  gap(length: number): void {
    this.#file?.gap(length);
  }

  /** Bytes that came, but not here: the rest of a body that is only unpacked in part. */
  skip(length: number): void {
    this.#file?.skip(length);
  }

  /** The type of a part that is cut short is known too late for the message. */
  end(): void {
    const file = this.#file;
    if (!file) return;
    file.end(this.#isCut);
    if (!this.#isTold && !this.#isCut) this.#tell();
  }

  #tell(): void {
    const type = this.#file!.mimeType;
    if (type === undefined) return;
    this.#isTold = true;
    this.#files.told(type);
  }
}

/** A part of a file that several messages, also of several connections, bring together. */
export class RangeSink implements BodySink {
  readonly #files: Files;
  readonly #name: string | undefined;
  readonly #range: Range;
  #file: RangedFile | undefined;
  #span: Span | undefined;

  constructor(files: Files, name: string | undefined, range: Range) {
    this.#files = files;
    this.#name = name;
    this.#range = range;
  }

  data(bytes: Uint8Array, from: number, to: number): void {
    if (from === to) return;
    this.#file ??= this.#files.beginPart(this.#name, this.#range.total);
    if (!this.#file) return;
    this.#span ??= this.#file.span(this.#range.offset);
    this.#file.data(this.#span, bytes, from, to, this.#files.ts);
  }

  gap(length: number): void {
    if (this.#span) this.#span = this.#file?.span(this.#span.end + length);
  }

  end(): void {
    this.#file?.endSpan();
  }
}
