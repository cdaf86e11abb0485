/**
 * One file on its way through a connection: counted, told by content, hashed and extracted where that is wanted, and
 * one `files` record at its end. Rows as Zeek's files.log.
 */
import { createHash, type Hash } from 'node:crypto';
import { type Files, fileUid } from '@thymus/core';
import type { Connection } from '../dissector.ts';
import { FileContent, isRead, mayBeRead, readContent } from './content.ts';
import { Sniffer } from './sniffer.ts';
import { ArchiveBudget, DEEPEST_ARCHIVE, ZipReader } from './zip.ts';

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
  /** Known without computing them here, as of certificates. */
  readonly digests?: Digests;
  /** Of a member of an archive: how many archives are around it, and what they may still cost. */
  readonly archive?: { readonly budget: ArchiveBudget; readonly depth: number };
}

export interface Digests {
  readonly md5: string;
  readonly sha1: string;
  readonly sha256: string;
  /** Who else looked at it. */
  readonly analyzer: string;
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
  /** Where a file that begins at `ts` is to be written, or undefined to leave it. */
  readonly extract?: (fuid: string, start: FileStart, ts: number) => FileSink | undefined;
  /** Certificates of TLS have rows of their own here too, as of other files. */
  readonly certificates?: boolean;
  /** Bytes of one file that are written at most. */
  readonly extractLimit: number;
}

export const NO_FILE_OPTIONS: FileOptions = { hashes: false, extractLimit: 0 };

/** True where the bytes of files matter, not only how many there are. */
export const readsFiles = (options: FileOptions): boolean => options.hashes || options.extract !== undefined;

const ZIP = 'application/zip';
const DIGESTS = ['md5', 'sha1', 'sha256'] as const;

/** The columns that say where a file was seen. */
export type Place = Pick<
  Connection,
  'uid' | 'source_ip' | 'source_port' | 'dest_ip' | 'dest_port' | 'local_orig' | 'local_resp'
>;

/** What a file of several parts counts for itself. */
export interface Counts {
  readonly seen: number;
  readonly missing: number;
  /** Where else it was seen. */
  readonly places: readonly Place[];
}

/** A file while it is in transfer. Bytes come in order; what was missed is told by `gap`. */
export class FileTransfer {
  readonly fuid: string;
  /** May still become known while bytes come. */
  filename: string | undefined;
  total: number | undefined;
  seen = 0;
  readonly #connection: Connection;
  readonly #start: FileStart;
  readonly #options: FileOptions;
  readonly #hashes: readonly Hash[];
  readonly #sniffer: Sniffer | undefined;
  #content: FileContent | undefined;
  #archive: ZipReader | undefined;
  #sink: FileSink | undefined;
  #written = 0;
  #missing = 0;
  #first = -1;
  #last = 0;
  #isSkipped = false;
  #isOver = false;

  /** `number` counts the files of the connection from 0. */
  constructor(connection: Connection, number: number, start: FileStart, options: FileOptions) {
    this.fuid = fileUid(connection.uid, number);
    this.#connection = connection;
    this.#start = start;
    this.#options = options;
    this.filename = start.filename;
    this.total = start.total;
    const isTold = start.mimeType !== undefined || start.isWhole === false;
    this.#sniffer = isTold ? undefined : new Sniffer(start.total);
    this.#hashes = options.hashes && !start.digests ? DIGESTS.map((name) => createHash(name)) : [];
    this.#sink = options.extract?.(this.fuid, start, connection.ts);
  }

  /** Type by content; undefined until enough was seen, or where nobody knows it. */
  get mimeType(): string | undefined {
    return this.#sniffer?.type ?? this.#start.mimeType;
  }

  /** Bytes of it so far, with those that are missing. */
  get length(): number {
    return this.seen + this.#missing;
  }

  /** `ts` is that of the packet, where another connection than the first brings it. */
  data(bytes: Uint8Array, from = 0, to: number = bytes.length, ts = this.#connection.ts): void {
    if (from >= to || this.#isOver) return;
    const isFirst = this.length === 0;
    this.touch(ts);
    this.seen += to - from;
    if (this.#sniffer?.isOver === false) this.#sniff(bytes, from, to, isFirst);
    if (this.#hashes.length === 0 && !this.#sink && !this.#content && !this.#archive) return;
    const view = bytes.subarray(from, to);
    for (const hash of this.#hashes) hash.update(view);
    if (this.#sink) this.#extract(view);
    if (this.#content?.add(view) === false) this.#content = undefined;
    this.#archive?.data(view);
  }

  /** Bytes that were never seen. The type is told by what came before them. */
  gap(length: number): void {
    if (this.#isOver || length <= 0) return;
    this.touch(this.#connection.ts);
    this.#missing += length;
    if (this.#sniffer?.isOver === false) this.#toldAtLast();
    this.#content = undefined;
    this.#archive?.gap(length);
  }

  /** Bytes that were counted elsewhere but not looked at: there is no saying what they hash to. */
  skip(length: number): void {
    if (this.#isOver || length <= 0) return;
    this.seen += length;
    this.#content = undefined;
    this.#archive?.end();
    this.#isSkipped = true;
  }

  /** Notes when bytes came. */
  touch(ts: number): void {
    if (this.#first < 0) this.#first = ts;
    this.#last = ts;
  }

  /** The file is over: writes its record, unless nothing of it was seen. */
  end(isTimedOut = false, counts?: Counts): void {
    if (this.#isOver) return;
    this.#isOver = true;
    if (this.#sniffer?.isOver === false) this.#toldAtLast();
    this.#archive?.end();
    this.#sink?.end();
    if (this.#first < 0) return;
    const row = this.#row(isTimedOut, counts);
    this.#connection.emit(row);
    for (const place of counts?.places ?? []) this.#connection.emit({ ...row, ...this.#placeOf(place) });
    if (this.#content && this.mimeType) {
      readContent(this.mimeType, this.#content.view, this.#connection, this.fuid);
    }
  }

  #sniff(bytes: Uint8Array, from: number, to: number, isFirst: boolean): void {
    const sniffer = this.#sniffer!;
    if (isFirst && mayBeRead(bytes[from]!, from + 1 < to ? bytes[from + 1] : undefined))
      this.#content = new FileContent();
    sniffer.data(bytes, from, to);
    if (sniffer.isOver) this.#told(sniffer.type);
  }

  /** No more bytes will come to tell the type by. */
  #toldAtLast(): void {
    this.#sniffer!.end();
    this.#told(this.#sniffer!.type);
  }

  #told(type: string | undefined): void {
    const { archive } = this.#start;
    if (type === ZIP && this.#content && (archive?.depth ?? 0) < DEEPEST_ARCHIVE) {
      const budget = archive?.budget ?? new ArchiveBudget(readsFiles(this.#options));
      this.#archive = new ZipReader(this.#connection, this.fuid, this.#start, budget);
      this.#archive.data(this.#content.view);
    }
    if (!isRead(type)) this.#content = undefined;
  }

  #extract(view: Uint8Array): void {
    const room = this.#options.extractLimit - this.#written;
    if (room <= 0) return;
    const part = view.length > room ? view.subarray(0, room) : view;
    this.#written += part.length;
    this.#sink!.write(part);
  }

  #placeOf({ uid, source_ip, source_port, dest_ip, dest_port, local_orig, local_resp }: Place) {
    const sender = this.#start.isOrig ? local_orig : local_resp;
    return { uid, source_ip, source_port, dest_ip, dest_port, local_orig: sender };
  }

  #digests(isComplete: boolean): Partial<Digests> {
    if (this.#start.digests) return this.#start.digests;
    if (this.#hashes.length === 0 || !isComplete) return {};
    const [md5, sha1, sha256] = this.#hashes.map((hash) => hash.digest('hex'));
    return { md5: md5!, sha1: sha1!, sha256: sha256! };
  }

  #row(isTimedOut: boolean, counts: Counts | undefined): Files {
    const { source, depth, isOrig, parent, digests } = this.#start;
    const seen = counts?.seen ?? this.seen;
    const missing = counts?.missing ?? this.#missing;
    const isComplete = missing === 0 && this.seen === seen && !this.#isSkipped;
    const { md5, sha1, sha256 } = this.#digests(isComplete);
    const isCut = this.#sink !== undefined && this.#written < seen;
    const analyzers = [
      ...(this.#archive ? ['ZIP'] : []),
      ...(this.#sink ? ['EXTRACT'] : []),
      ...(this.#hashes.length > 0 || digests ? ['MD5', 'SHA1', 'SHA256'] : []),
      ...(digests ? [digests.analyzer] : []),
    ];
    return {
      kind: 'files',
      ts: this.#first,
      fuid: this.fuid,
      ...this.#placeOf(this.#connection),
      source,
      depth: depth ?? 0,
      analyzers,
      mime_type: this.mimeType,
      filename: this.filename,
      duration: this.#last - this.#first,
      is_orig: isOrig,
      seen_bytes: seen,
      total_bytes: this.total,
      missing_bytes: missing,
      overflow_bytes: 0,
      timedout: isTimedOut,
      parent_fuid: parent,
      md5,
      sha1,
      sha256,
      extracted: this.#sink?.name,
      extracted_cutoff: this.#sink ? isCut : undefined,
      extracted_size: isCut ? this.#written : undefined,
    };
  }
}
