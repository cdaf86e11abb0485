/** What the header of a message says of its body: how long it is, how it is packed, which files it holds. RFC 9110 §8, RFC 9112 §6. */
import { type BodySink, FileSink, type Files } from './files.ts';
import { fileName, type HeaderLine, parameter } from './headers.ts';
import { type Coding, Inflater } from './inflate.ts';
import { Multipart } from './multipart.ts';
import type { Weird } from './start-line.ts';

export class Entity {
  /** Undefined where no usable Content-Length was sent. */
  length: number | undefined;
  isChunked = false;
  /** Bytes of the body that were seen or skipped, as sent. */
  received = 0;
  readonly #files: Files;
  readonly #weird: Weird;
  readonly #isPartialReply: boolean;
  #coding: Coding | undefined;
  #type: 'multipart' | 'message' | undefined;
  #boundary: string | undefined;
  #name: string | undefined;
  /** Of a partial reply: where it begins in the whole, its length, and the length of the whole. */
  #offset = 0;
  #rangeLength: number | undefined;
  #wholeLength: number | undefined;
  #sink: BodySink | undefined;
  #inflater: Inflater | undefined;
  #multipart: Multipart | undefined;

  constructor(files: Files, isPartialReply: boolean, weird: Weird) {
    this.#files = files;
    this.#isPartialReply = isPartialReply;
    this.#weird = weird;
  }

  /** True where the end of the connection ends the body although the message is a request. */
  get isOpenEnded(): boolean {
    return this.#coding !== undefined;
  }

  header(line: HeaderLine, isHttp11: boolean): void {
    switch (line.name) {
      case 'content-length':
        this.#contentLength(line.value);
        break;
      case 'content-range':
        if (this.#isPartialReply) this.#contentRange(line.value);
        break;
      case 'transfer-encoding':
        if (isHttp11) this.#transferEncoding(line);
        break;
      case 'content-encoding':
        this.#contentEncoding(line.word);
        break;
      case 'content-disposition':
        this.#name = fileName(line.value) ?? this.#name;
        break;
      case 'content-type':
        this.#contentType(line.value);
        break;
    }
  }

  /** Takes bytes of the body. */
  data(bytes: Uint8Array, from: number, to: number): void {
    this.#sink ??= this.#open();
    this.received += to - from;
    this.#sink.data(bytes, from, to);
  }

  /** The body is over; gives its length, unpacked. */
  end(isComplete: boolean): number {
    this.#sink?.end();
    if (this.#multipart?.isTooDeep) this.#weird('exceeded_mime_max_depth', '100');
    if (!this.#inflater) return this.received;
    if (this.#inflater.isBroken) this.#weird('inflate_failed');
    return this.#inflater.length(isComplete);
  }

  #open(): BodySink {
    if (this.#type) this.#multipart = new Multipart(this.#files, this.#boundary);
    const sink = this.#multipart ?? this.#file();
    if (!this.#coding) return sink;
    this.#inflater = new Inflater(this.#coding, sink);
    return this.#inflater;
  }

  /** A part of a file ends the file only where it reaches the file's end, so only then a short one is told by type. */
  #file(): FileSink {
    const end = this.#offset + Math.max(this.#rangeLength ?? 0, this.length ?? 0);
    const isEnd =
      this.#rangeLength === undefined ? !this.#isPartialReply : end >= (this.#wholeLength ?? Infinity);
    return new FileSink(
      this.#files,
      this.#name,
      this.#offset === 0,
      isEnd,
      this.#coding ? undefined : this.length,
    );
  }

  #contentLength(value: string): void {
    const length = /^\d+/.test(value) ? Number.parseInt(value, 10) : Number.NaN;
    if (value.length > 1 && value.startsWith('0')) this.#weird('HTTP_content_length_leading_zeros', value);
    if (!Number.isSafeInteger(length)) this.#weird('HTTP_bad_content_length', value);
    this.length = Number.isSafeInteger(length) ? length : 0;
    this.#matchLengths();
  }

  #transferEncoding(line: HeaderLine): void {
    if (line.word !== 'chunked') return;
    this.isChunked = true;
    const rest = line.value.slice('chunked'.length);
    if (rest.trim() !== '') this.#weird('HTTP_chunked_multi', rest);
  }

  #contentEncoding(word: string): void {
    if (word === 'gzip' || word === 'x-gzip') this.#coding = 'gzip';
    else if (word === 'deflate') this.#coding = 'deflate';
  }

  #contentType(value: string): void {
    const lower = value.slice(0, 10).toLowerCase();
    if (lower.startsWith('multipart/')) {
      this.#boundary = parameter(value, 'boundary');
      this.#type = this.#boundary ? 'multipart' : undefined;
    } else if (lower.startsWith('message/')) this.#type = 'message';
    this.#name ??= parameter(value, 'name');
  }

  /** `bytes 0-499/1234`. RFC 9110 §14.4. */
  #contentRange(value: string): void {
    const space = value.indexOf(' ');
    const range = value.slice(space + 1).replaceAll(' ', '');
    if (value.slice(0, space) !== 'bytes') {
      this.#weird('HTTP_content_range_unknown_byte_unit');
      return;
    }
    const parts = /^(\d{1,15})-(\d{1,15})\/(\d{1,15}|\*)$/.exec(range);
    if (!parts) {
      this.#weird('HTTP_content_range_cannot_parse', range);
      return;
    }
    const length = Number(parts[2]) - Number(parts[1]) + 1;
    if (length <= 0) {
      this.#weird('HTTP_non_positive_content_range', range);
      return;
    }
    this.#offset = Number(parts[1]);
    this.#rangeLength = length;
    if (parts[3] !== '*') this.#wholeLength = Number(parts[3]);
    this.#matchLengths();
  }

  /** Where range and length disagree somebody may want to hide something: the longer one counts. */
  #matchLengths(): void {
    if (this.#rangeLength === undefined || this.length === this.#rangeLength) return;
    if (this.length === undefined) return;
    this.#weird('HTTP_range_not_matching_len');
    this.length = Math.max(this.length, this.#rangeLength);
  }
}
