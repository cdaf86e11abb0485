/** The messages of one direction: start line, header, body, and again. RFC 9112 §2.1, §6 and §7.1. */
import type { Connection } from '../../dissector.ts';
import { fieldText, MAX_TEXT } from '../../text.ts';
import { Entity } from './entity.ts';
import type { Files } from './files.ts';
import { HeaderLine, isBlank } from './headers.ts';
import { hexDigit, type Weird } from './start-line.ts';

/** Where the reader stands in a message. */
const START = 0;
const HEADER = 1;
const LENGTH = 2;
const UNTIL_END = 3;
const CHUNK_SIZE = 4;
const CHUNK_DATA = 5;
const CHUNK_END = 6;
const TRAILER = 7;
/** All that comes is one body, without a start line: HTTP/0.9. */
const RAW = 8;
/** Nothing more is read. */
const NOTHING = 9;

/** Whether a message may have a body: a reply to HEAD has none, other replies have one until the end at the latest. */
export type BodyRule = 'none' | 'maybe' | 'expected';

/** What the two directions do differently. */
export interface MessageOwner {
  /** Takes a start line. False: it is none, and nothing more of this direction is read. */
  start(bytes: Uint8Array, from: number, to: number): boolean;
  header(line: HeaderLine): void;
  /** The header is over. */
  bodyRule(): BodyRule;
  /** The message is over; `length` bytes of body were seen. True: nothing more is for this dissector. */
  done(length: number, files: Files | undefined): boolean;
  /** The files of a message that begins. */
  newFiles(): Files;
  readonly isPartialReply: boolean;
  readonly isHttp11: boolean;
}

/** Bytes of a bad line that are shown. */
const MAX_DETAIL = 64;

const line = new HeaderLine();

export class MessageReader {
  readonly #owner: MessageOwner;
  readonly #weird: Weird;
  #state = START;
  #entity: Entity | undefined;
  #files: Files | undefined;
  /** Bytes of the body or chunk that are still to come. */
  #left = 0;
  /** Bytes of an unfinished line that were looked at already. */
  #scanned = 0;
  #lineEnd = 0;
  #startRaw: () => void = NO_START;
  /** True once the owner said that the rest is not its own. */
  isStopped = false;

  constructor(owner: MessageOwner, connection: Connection) {
    this.#owner = owner;
    this.#weird = (name, detail) => connection.weird(name, detail, 'HTTP');
  }

  /** True while a message is being read. */
  get isOngoing(): boolean {
    return this.#state !== START && this.#state !== RAW && this.#state !== NOTHING;
  }

  get isOver(): boolean {
    return this.#state === NOTHING;
  }

  /** Reads as far as it can; gives the number of bytes it is done with. */
  feed(bytes: Uint8Array): number {
    let at = 0;
    while (at < bytes.length && !this.isStopped) {
      if (this.#state === NOTHING) return bytes.length;
      if (this.#state === RAW) this.#beginRaw();
      if (this.#state === LENGTH || this.#state === CHUNK_DATA || this.#state === UNTIL_END) {
        at = this.#body(bytes, at);
        continue;
      }
      const next = this.#findLine(bytes, at);
      if (next < 0) return at;
      if (this.#lineEnd - at > MAX_TEXT) this.#weird('HTTP_line_too_long');
      const after = this.#line(bytes, at, next);
      if (after < 0) return at;
      at = after;
    }
    return at;
  }

  /** Takes all that follows as the body of one message; tells when it begins. */
  expectRaw(start: () => void): void {
    this.#startRaw = start;
    this.#state = RAW;
  }

  #beginRaw(): void {
    this.#startRaw();
    this.#begin();
    this.#state = UNTIL_END;
  }

  /** Bytes that were never seen. Inside a body they count; elsewhere the thread is lost. True if it is not. */
  gap(length: number): boolean {
    const isBounded = this.#state === LENGTH || this.#state === CHUNK_DATA;
    const isInside = this.#state === UNTIL_END || (isBounded && this.#left >= length);
    if (!isInside || !this.#entity || this.#entity.received === 0) return false;
    this.#entity.gap(length);
    if (!isBounded) return true;
    this.#left -= length;
    if (this.#left === 0) this.#bodyPartDone();
    return true;
  }

  /** Ends the message where it is, as its direction has ended; with `forGood` nothing is read afterwards. */
  end(forGood = false): void {
    if (this.isOngoing) this.#finish(this.#state === UNTIL_END);
    if (forGood) this.#state = NOTHING;
  }

  #body(bytes: Uint8Array, at: number): number {
    const rest = bytes.length - at;
    const n = this.#state === UNTIL_END || rest < this.#left ? rest : this.#left;
    this.#entity!.data(bytes, at, at + n);
    if (this.#state === UNTIL_END) return at + n;
    this.#left -= n;
    if (this.#left === 0) this.#bodyPartDone();
    return at + n;
  }

  #bodyPartDone(): void {
    if (this.#state === LENGTH) this.#finish(true);
    else this.#state = CHUNK_END;
  }

  /**
   * Looks for the end of the line at `at`, sets `#lineEnd`, gives where the next begins; -1 if it is not all there.
   * CR LF, LF and a CR alone end lines, as servers differ there and attacks live in the difference.
   */
  #findLine(bytes: Uint8Array, at: number): number {
    const end = bytes.length;
    for (let i = at + this.#scanned; i < end; i++) {
      const c = bytes[i]!;
      if (c !== 10 && c !== 13) continue;
      if (c === 13 && i + 1 === end) {
        this.#scanned = i - at;
        return -1;
      }
      this.#scanned = 0;
      this.#lineEnd = i;
      return c === 13 && bytes[i + 1] === 10 ? i + 2 : i + 1;
    }
    this.#scanned = end - at;
    return -1;
  }

  /** Handles one line; gives where to go on, -1 to wait for more. */
  #line(bytes: Uint8Array, at: number, next: number): number {
    switch (this.#state) {
      case START:
        this.#startLine(bytes, at, this.#lineEnd);
        return next;
      case HEADER:
        return this.#headerLine(bytes, at, next);
      case CHUNK_SIZE:
        this.#chunkSize(bytes, at, this.#lineEnd);
        return next;
      case CHUNK_END:
        this.#state = CHUNK_SIZE;
        return next;
      default:
        if (this.#lineEnd === at) this.#finish(true); // the end of the trailer
        return next;
    }
  }

  #startLine(bytes: Uint8Array, from: number, to: number): void {
    if (from === to) return; // some send empty lines between messages
    if (this.#owner.start(bytes, from, to)) this.#begin();
    else this.#state = NOTHING;
  }

  #begin(): void {
    const files = this.#owner.newFiles();
    this.#files = files;
    this.#entity = new Entity(files, this.#owner.isPartialReply, this.#weird);
    this.#state = HEADER;
  }

  #headerLine(bytes: Uint8Array, at: number, next: number): number {
    const to = this.#lineEnd;
    if (to === at || bytes[at] === 0) {
      this.#endHeader();
      return next;
    }
    if (next >= bytes.length) return -1; // the next line may continue this one
    if (isBlank(bytes[next]!)) return this.#foldedLine(bytes, at, to, next);
    this.#field(bytes, at, to);
    return next;
  }

  /** Joins a field with the lines that continue it. RFC 9112 §5.2. */
  #foldedLine(bytes: Uint8Array, from: number, to: number, second: number): number {
    const parts = [bytes.subarray(from, to)];
    let next = second;
    while (next < bytes.length && isBlank(bytes[next]!)) {
      const after = this.#findLine(bytes, next);
      this.#scanned = 0;
      if (after < 0 || after >= bytes.length) return -1;
      parts.push(bytes.subarray(next, this.#lineEnd));
      next = after;
    }
    const whole = Buffer.concat(parts);
    this.#field(whole, 0, whole.length);
    const nameEnd = Math.max(0, Math.min(whole.indexOf(58), MAX_DETAIL));
    this.#weird('HTTP_obsolete_line_folding', fieldText(whole, 0, nameEnd));
    return next;
  }

  #field(bytes: Uint8Array, from: number, to: number): void {
    if (!line.parse(bytes, from, to) || line.name === undefined) return;
    this.#entity!.header(line, this.#owner.isHttp11);
    this.#owner.header(line);
  }

  #endHeader(): void {
    const entity = this.#entity!;
    const rule = this.#owner.bodyRule();
    if (rule === 'none') this.#finish(true);
    else if (entity.isChunked) {
      if (entity.length !== undefined) this.#weird('HTTP_content_length_and_chunked');
      this.#state = CHUNK_SIZE;
    } else if (entity.length !== undefined) {
      this.#left = entity.length;
      if (this.#left > 0) this.#state = LENGTH;
      else this.#finish(true);
    } else if (rule === 'expected' || entity.isOpenEnded) this.#state = UNTIL_END;
    else this.#finish(true);
  }

  /** Size in hexadecimal, then extensions that nobody uses. RFC 9112 §7.1. */
  #chunkSize(bytes: Uint8Array, from: number, to: number): void {
    let size = 0;
    let at = from;
    while (at < to && isBlank(bytes[at]!)) at++;
    const first = at;
    for (let digit = 0; at < to; at++) {
      digit = hexDigit(bytes[at]!);
      if (digit < 0) break;
      size = size * 16 + digit;
    }
    if (at === first || size > Number.MAX_SAFE_INTEGER) {
      this.#weird('HTTP_bad_chunk_size', fieldText(bytes, from, Math.min(to, from + MAX_DETAIL)));
      size = 0;
    }
    this.#left = size;
    this.#state = size > 0 ? CHUNK_DATA : TRAILER;
  }

  #finish(isComplete: boolean): void {
    const length = this.#entity?.end(isComplete) ?? 0;
    this.#state = START;
    this.#entity = undefined;
    this.#scanned = 0;
    this.isStopped = this.#owner.done(length, this.#files);
  }
}

const NO_START = (): void => {};
