/** Bodies of several parts, and messages inside messages, as far as the files in them go. RFC 2046 §5.1, §5.2.1; RFC 7578. */
import { parseContentRange, type Range } from './content-range.ts';
import { type BodySink, FileSink, type Files, RangeSink } from './files.ts';
import { fileName, HeaderLine, parameter } from './headers.ts';
import type { Weird } from './start-line.ts';

/** Parts inside parts. */
const MAX_DEPTH = 100;
/** Longer lines are content: no boundary and no header that is looked at is as long. */
const MAX_LINE = 4096;
const DASH = 45;
const CR = 13;
const LF = 10;

const line = new HeaderLine();
const NONE: Uint8Array = new Uint8Array(0);
const CRLF: Uint8Array = Uint8Array.of(CR, LF);
const BARE_LF: Uint8Array = Uint8Array.of(LF);

/** Splits a body into lines, and those into parts. */
export class Multipart implements BodySink {
  readonly #files: Files;
  /** Boundaries with their two dashes, outermost first. */
  readonly #boundaries: Uint8Array[] = [];
  /** Beginning of a line whose end has not come. */
  #carry: Uint8Array = NONE;
  /** True while the rest of a very long line comes. */
  #isInsideLine = false;
  #isHeader: boolean;
  #part: BodySink | undefined;
  /** Tells of broken ranges; undefined where parts have none. */
  readonly #weird: Weird | undefined;
  #range: Range | undefined;
  #name: string | undefined;
  /** What the part announces to be: `message`, or the boundary of its own parts. */
  #nested: string | undefined;
  /** The line end that stood before: it belongs to the content unless a boundary follows. */
  #lineEnd: Uint8Array = NONE;
  /** True where the depth was too much. */
  isTooDeep = false;

  /**
   * Without a boundary the body is a message: header fields, then a body of its own. With `weird` the parts are ranges
   * of files.
   */
  constructor(files: Files, boundary: string | undefined, weird?: Weird) {
    this.#files = files;
    this.#weird = weird;
    this.#isHeader = boundary === undefined;
    if (boundary !== undefined) this.#boundaries.push(toBytes(`--${boundary}`));
  }

  data(bytes: Uint8Array, from: number, to: number): void {
    let at = from;
    while (at < to) {
      const found = bytes.indexOf(LF, at);
      const next = found < 0 || found >= to ? -1 : found + 1;
      if (next < 0 && to - at + this.#carry.length <= MAX_LINE && !this.#isInsideLine) {
        this.#carry = joined(this.#carry, bytes, at, to);
        return;
      }
      if (next < 0) this.#long(bytes, at, to);
      else if (this.#carry.length > 0) this.#carried(bytes, at, next);
      else this.#line(bytes, at, next);
      at = next < 0 ? to : next;
    }
  }

  gap(length: number): void {
    this.#part?.gap(length);
  }

  end(): void {
    if (this.#carry.length > 0) this.#carried(NONE, 0, 0);
    this.#endPart();
  }

  #carried(bytes: Uint8Array, from: number, to: number): void {
    const whole = joined(this.#carry, bytes, from, to);
    this.#carry = NONE;
    this.#line(whole, 0, whole.length);
  }

  /** Content of a line that is too long to wait for its end. */
  #long(bytes: Uint8Array, from: number, to: number): void {
    const whole = joined(this.#carry, bytes, from, to);
    this.#carry = NONE;
    this.#isInsideLine = true;
    if (!this.#isHeader) this.#content(whole, 0, whole.length, whole.length);
  }

  /** A line with its end. */
  #line(bytes: Uint8Array, from: number, to: number): void {
    let end = to;
    if (end > from && bytes[end - 1] === LF) end--;
    if (end > from && bytes[end - 1] === CR) end--;
    const isRest = this.#isInsideLine;
    this.#isInsideLine = false;
    if (!isRest && bytes[from] === DASH && bytes[from + 1] === DASH && this.#boundary(bytes, from, end))
      return;
    if (!this.#isHeader) this.#content(bytes, from, end, to);
    else if (!isRest) this.#header(bytes, from, end);
  }

  /** True for a delimiter of any level; the outermost that fits ends all within. */
  #boundary(bytes: Uint8Array, from: number, to: number): boolean {
    const level = this.#boundaries.findIndex((boundary) => startsWith(bytes, from, to, boundary));
    if (level < 0) return false;
    const behind = from + this.#boundaries[level]!.length;
    const isLast = behind + 2 <= to && bytes[behind] === DASH && bytes[behind + 1] === DASH;
    this.#endPart();
    this.#boundaries.length = isLast ? level : level + 1;
    this.#isHeader = !isLast;
    return true;
  }

  #header(bytes: Uint8Array, from: number, to: number): void {
    if (from === to || bytes[from] === 0) this.#endHeader();
    else if (line.parse(bytes, from, to)) {
      const { name } = line;
      if (name === 'content-disposition') this.#name = fileName(line.value) ?? this.#name;
      else if (name === 'content-type') this.#type(line.value);
      else if (name === 'content-range' && this.#weird)
        this.#range = parseContentRange(line.value, this.#weird);
    }
  }

  #type(value: string): void {
    const lower = value.toLowerCase();
    if (lower.startsWith('message/')) this.#nested = 'message';
    else if (lower.startsWith('multipart/')) this.#nested = parameter(value, 'boundary');
    this.#name ??= parameter(value, 'name');
  }

  #endHeader(): void {
    const nested = this.#nested;
    this.#nested = undefined;
    this.#isHeader = nested === 'message';
    if (this.#isHeader) return;
    const isDeep = this.#boundaries.length >= MAX_DEPTH;
    this.isTooDeep ||= isDeep && nested !== undefined;
    if (nested === undefined || isDeep) this.#part = this.#newPart();
    else this.#boundaries.push(toBytes(`--${nested}`));
    this.#name = undefined;
  }

  #newPart(): BodySink {
    const range = this.#range;
    this.#range = undefined;
    return range ? new RangeSink(this.#files, this.#name, range) : new FileSink(this.#files, this.#name);
  }

  #content(bytes: Uint8Array, from: number, end: number, to: number): void {
    const part = this.#part;
    if (!part) return;
    part.data(this.#lineEnd, 0, this.#lineEnd.length);
    part.data(bytes, from, end);
    this.#lineEnd = to === end ? NONE : to - end === 2 ? CRLF : BARE_LF;
  }

  #endPart(): void {
    this.#part?.end();
    this.#part = undefined;
    this.#lineEnd = NONE;
    this.#name = undefined;
    this.#nested = undefined;
  }
}

function toBytes(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
  return bytes;
}

function startsWith(bytes: Uint8Array, from: number, to: number, start: Uint8Array): boolean {
  if (from + start.length > to) return false;
  for (let i = 0; i < start.length; i++) if (bytes[from + i] !== start[i]) return false;
  return true;
}

function joined(head: Uint8Array, bytes: Uint8Array, from: number, to: number): Uint8Array {
  const whole = new Uint8Array(head.length + to - from);
  whole.set(head);
  whole.set(bytes.subarray(from, to), head.length);
  return whole;
}
