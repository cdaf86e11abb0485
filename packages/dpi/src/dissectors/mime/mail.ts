/** A message of mail, line by line: header fields, parts within parts, and the files in them. RFC 5322 §2, RFC 2045, RFC 2046 §5. */
import type { Connection } from '../../dissector.ts';
import type { FileTransfer } from '../../files/transfer.ts';
import { fieldText, latin1Text, MAX_TEXT } from '../../text.ts';
import { fileName, parameter } from '../http/headers.ts';
import { Base64, quotedPrintableLine } from './decoding.ts';

/** Parts inside parts. */
const MAX_DEPTH = 100;
/** Files of one message that are listed. */
const MAX_FILES = 1_000;

const CRLF: Uint8Array = Uint8Array.of(13, 10);
const DASH = 45;
const COLON = 58;

/** What a message tells while it is read. */
export interface MailListener {
  /** A part begins; the message itself is the first. Gives the number of it, for its files. */
  begin(): number;
  /** A field of a header; the name is in lower case. */
  header(name: string, value: string): void;
  file(id: string): void;
}

/** One part: its header, then lines that are content, parts, or a message. */
class Part {
  isHeader = true;
  boundary: string | undefined;
  isMessage = false;
  name: string | undefined;
  encoding = '';
  readonly base64 = new Base64();
  readonly depth: number;
  file: FileTransfer | undefined;
  /** A line end that belongs to the content unless a boundary follows. */
  owesLineEnd = false;

  constructor(depth: number) {
    this.depth = depth;
  }
}

const isBlank = (c: number | undefined): boolean => c === 32 || c === 9;

export class Mail {
  readonly #connection: Connection;
  readonly #source: string;
  readonly #isOrig: boolean;
  readonly #listener: MailListener;
  /** The part that is read, and those around it, outermost first. */
  readonly #parts: Part[] = [];
  /** A field whose continuation may come. */
  #field = '';
  #files = 0;
  /** True behind the last boundary of the outermost part. */
  #isOver = false;

  constructor(connection: Connection, source: string, isOrig: boolean, listener: MailListener) {
    this.#connection = connection;
    this.#source = source;
    this.#isOrig = isOrig;
    this.#listener = listener;
    this.#begin();
  }

  /** Takes a line without its end; `hasEnd` is false where it is a piece, or the rest of a message. */
  line(bytes: Uint8Array, from: number, to: number, hasEnd = true): void {
    if (this.#isOver) return;
    if (bytes[from] === DASH && bytes[from + 1] === DASH && this.#boundary(bytes, from, to)) return;
    const part = this.#parts.at(-1)!;
    if (part.isHeader) this.#headerLine(part, bytes, from, to);
    else if (part.boundary === undefined) this.#content(part, bytes, from, to, hasEnd);
  }

  /** Bytes that were never seen. */
  gap(length: number): void {
    const part = this.#parts.at(-1);
    if (part) this.#fileOf(part).gap(length);
  }

  end(): void {
    while (this.#parts.length > 0) this.#endPart();
    this.#isOver = true;
  }

  #begin(): void {
    this.#parts.push(new Part(this.#listener.begin()));
  }

  #endPart(): void {
    this.#endField();
    this.#parts.pop()?.file?.end();
  }

  /** True for a delimiter of any level; the innermost that fits ends what is within it. */
  #boundary(bytes: Uint8Array, from: number, to: number): boolean {
    for (let level = this.#parts.length - 1; level >= 0; level--) {
      const { boundary } = this.#parts[level]!;
      if (boundary === undefined || to - from < boundary.length + 2) continue;
      const behind = from + 2 + boundary.length;
      if (latin1Text(bytes, from + 2, behind) !== boundary) continue;
      const isLast = bytes[behind] === DASH && bytes[behind + 1] === DASH && behind + 2 <= to;
      while (this.#parts.length > level + 1) this.#endPart();
      if (!isLast) this.#begin();
      else if (level === 0) this.#isOver = true;
      else this.#endPart();
      return true;
    }
    return false;
  }

  #headerLine(part: Part, bytes: Uint8Array, from: number, to: number): void {
    if (from === to) {
      this.#endField();
      this.#endHeader(part);
    } else if (isBlank(bytes[from])) {
      if (this.#field.length < MAX_TEXT) this.#field += fieldText(bytes, from, to);
    } else {
      this.#endField();
      this.#field = fieldText(bytes, from, to);
    }
  }

  #endField(): void {
    const field = this.#field;
    this.#field = '';
    const colon = field.indexOf(String.fromCharCode(COLON));
    if (colon <= 0) return;
    const name = field.slice(0, colon).trimEnd().toLowerCase();
    const value = field.slice(colon + 1).replace(/^[ \t]+/, '');
    const part = this.#parts.at(-1)!;
    if (name === 'content-type') this.#type(part, value);
    else if (name === 'content-disposition') part.name = fileName(value) ?? part.name;
    else if (name === 'content-transfer-encoding') part.encoding = value.trim().toLowerCase();
    this.#listener.header(name, value);
  }

  #type(part: Part, value: string): void {
    const lower = value.toLowerCase();
    if (lower.startsWith('multipart/')) part.boundary = parameter(value, 'boundary') || undefined;
    else part.isMessage = lower.startsWith('message/');
    part.name ??= parameter(value, 'name');
  }

  #endHeader(part: Part): void {
    part.isHeader = false;
    if (this.#parts.length >= MAX_DEPTH) {
      part.boundary = undefined;
      this.#connection.weird('exceeded_mime_max_depth', String(MAX_DEPTH), 'SMTP');
    } else if (part.isMessage) this.#begin();
  }

  #content(part: Part, bytes: Uint8Array, from: number, to: number, hasEnd: boolean): void {
    if (part.encoding === 'base64') {
      this.#data(part, part.base64.line(bytes, from, to));
      return;
    }
    if (part.encoding === 'quoted-printable') {
      this.#data(part, quotedPrintableLine(bytes, from, to));
      return;
    }
    if (part.owesLineEnd) this.#data(part, CRLF);
    part.owesLineEnd = false;
    this.#data(part, bytes, from, to);
    if (!hasEnd) return;
    if (this.#parts.length > 1 && this.#parts.at(-2)!.boundary !== undefined) part.owesLineEnd = true;
    else this.#data(part, CRLF);
  }

  #data(part: Part, bytes: Uint8Array, from = 0, to: number = bytes.length): void {
    if (from === to) return;
    this.#fileOf(part).data(bytes, from, to);
  }

  #fileOf(part: Part): FileTransfer {
    if (part.file) return part.file;
    const { name: filename, depth } = part;
    const start = { source: this.#source, isOrig: this.#isOrig, depth };
    const file = this.#connection.file(filename === undefined ? start : { ...start, filename });
    part.file = file;
    if (this.#files++ < MAX_FILES) this.#listener.file(file.fuid);
    return file;
  }
}
