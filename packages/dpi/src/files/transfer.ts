/**
 * One file on its way through a connection: counted, told by content, hashed and extracted where that is wanted, and
 * one `files` record at its end. Rows as Zeek's files.log.
 */
import { createHash, type Hash } from 'node:crypto';
import { type Files, fileUid } from '@thymus/core';
import type { Connection } from '../dissector.ts';
import { MIME_WINDOW, mimeType } from './mime.ts';

/** What a dissector knows of a file when it begins. */
export interface FileStart {
  /** Protocol that carries it, as files.log names it: HTTP, SMTP, FTP_DATA, SMB, … */
  readonly source: string;
  readonly isOrig: boolean;
  /** Parts around it, and messages before it, in its carrier. */
  readonly depth?: number;
  readonly filename?: string;
  /** Length it should have. */
  readonly total?: number;
  /** Known without looking, as of certificates. */
  readonly mimeType?: string;
  /** The file that it was packed in. */
  readonly parent?: string;
  /** False for bytes from the middle of a file: their type is not looked at. */
  readonly isWhole?: boolean;
}

/** Takes the bytes of one file that is extracted. */
export interface FileSink {
  /** Where it is written, for the record. */
  readonly name: string;
  write(bytes: Uint8Array): void;
  end(): void;
}

/** What is done with files besides counting them. */
export interface FileOptions {
  /** Fill md5, sha1 and sha256. */
  readonly hashes: boolean;
  /** Where a file is to be written, or undefined to leave it. */
  readonly extract?: (fuid: string, start: FileStart) => FileSink | undefined;
  /** Bytes of one file that are written at most. */
  readonly extractLimit: number;
}

export const NO_FILE_OPTIONS: FileOptions = { hashes: false, extractLimit: 0 };

const DIGESTS = ['md5', 'sha1', 'sha256'] as const;

/** A file while it is in transfer. Bytes come in order; what was missed is told by `gap`. */
export class FileTransfer {
  readonly fuid: string;
  /** Type by content; undefined until enough was seen, or where nobody knows it. */
  mimeType: string | undefined;
  /** May still become known while bytes come. */
  filename: string | undefined;
  total: number | undefined;
  seen = 0;
  readonly #connection: Connection;
  readonly #start: FileStart;
  readonly #options: FileOptions;
  readonly #hashes: readonly Hash[];
  #sink: FileSink | undefined;
  #written = 0;
  #missing = 0;
  #first = 0;
  #last = 0;
  #head: Uint8Array | undefined;
  #isSniffed: boolean;
  #isOver = false;

  /** `number` counts the files of the connection from 0. */
  constructor(connection: Connection, number: number, start: FileStart, options: FileOptions) {
    this.fuid = fileUid(connection.uid, number);
    this.#connection = connection;
    this.#start = start;
    this.#options = options;
    this.filename = start.filename;
    this.total = start.total;
    this.mimeType = start.mimeType;
    this.#isSniffed = start.mimeType !== undefined || start.isWhole === false;
    this.#hashes = options.hashes ? DIGESTS.map((name) => createHash(name)) : [];
    this.#sink = options.extract?.(this.fuid, start);
  }

  data(bytes: Uint8Array, from = 0, to: number = bytes.length): void {
    if (from >= to || this.#isOver) return;
    this.#note();
    if (!this.#isSniffed) this.#sniff(bytes, from, to);
    this.seen += to - from;
    if (this.#hashes.length === 0 && !this.#sink) return;
    const view = bytes.subarray(from, to);
    for (const hash of this.#hashes) hash.update(view);
    if (this.#sink) this.#extract(view);
  }

  /** Bytes that were never seen. The type is told by what came before them. */
  gap(length: number): void {
    if (this.#isOver || length <= 0) return;
    this.#note();
    this.#missing += length;
    this.#tell();
  }

  /** The file is over: writes its record, unless nothing of it was seen. */
  end(isTimedOut = false): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#tell();
    this.#sink?.end();
    if (this.seen + this.#missing > 0) this.#connection.emit(this.#row(isTimedOut));
  }

  #note(): void {
    this.#last = this.#connection.ts;
    if (this.seen + this.#missing === 0) this.#first = this.#last;
  }

  /** Keeps the first bytes until they are enough; where they come in one piece nothing is copied. */
  #sniff(bytes: Uint8Array, from: number, to: number): void {
    const window = Math.min(MIME_WINDOW, this.total ?? MIME_WINDOW);
    const kept = this.seen;
    const n = Math.min(to - from, window - kept);
    if (kept === 0 && n === window) {
      this.#isSniffed = true;
      this.mimeType = mimeType(bytes.subarray(from, from + n));
      return;
    }
    const needed = kept + n;
    if (!this.#head || this.#head.length < needed) {
      const grown = new Uint8Array(needed > 1_024 ? MIME_WINDOW : Math.max(64, needed * 2));
      if (this.#head) grown.set(this.#head);
      this.#head = grown;
    }
    this.#head.set(bytes.subarray(from, from + n), kept);
    if (needed >= window) this.#tellBy(needed);
  }

  #tell(): void {
    if (!this.#isSniffed && this.seen > 0) this.#tellBy(Math.min(this.seen, MIME_WINDOW));
    this.#isSniffed = true;
  }

  #tellBy(length: number): void {
    this.#isSniffed = true;
    this.mimeType = mimeType(this.#head!.subarray(0, length));
    this.#head = undefined;
  }

  #extract(view: Uint8Array): void {
    const room = this.#options.extractLimit - this.#written;
    if (room <= 0) return;
    const part = view.length > room ? view.subarray(0, room) : view;
    this.#written += part.length;
    this.#sink!.write(part);
  }

  #row(isTimedOut: boolean): Files {
    const { uid, source_ip, source_port, dest_ip, dest_port, local_orig, local_resp } = this.#connection;
    const { source, depth, isOrig, parent } = this.#start;
    const duration = this.#last - this.#first;
    const isHashed = this.#hashes.length > 0 && this.#missing === 0;
    const [md5, sha1, sha256] = isHashed ? this.#hashes.map((hash) => hash.digest('hex')) : [];
    const analyzers = [
      ...(this.#hashes.length > 0 ? ['MD5', 'SHA1', 'SHA256'] : []),
      ...(this.#sink ? ['EXTRACT'] : []),
    ];
    return {
      kind: 'files',
      ts: this.#first,
      fuid: this.fuid,
      uid,
      source_ip,
      source_port,
      dest_ip,
      dest_port,
      source,
      depth: depth ?? 0,
      analyzers,
      mime_type: this.mimeType,
      filename: this.filename,
      duration,
      local_orig: isOrig ? local_orig : local_resp,
      is_orig: isOrig,
      seen_bytes: this.seen,
      total_bytes: this.total,
      missing_bytes: this.#missing,
      overflow_bytes: 0,
      timedout: isTimedOut,
      parent_fuid: parent,
      md5,
      sha1,
      sha256,
      extracted: this.#sink?.name,
      extracted_cutoff: this.#sink ? this.#written < this.seen : undefined,
      extracted_size: this.#sink ? this.#written : undefined,
    };
  }
}
