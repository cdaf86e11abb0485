/** What the header of a message says of its body: how long it is, how it is packed, which files it holds. RFC 9110 §8, RFC 9112 §6. */
import { parseContentRange, type Range } from './content-range.ts';
import { type BodySink, FileSink, type Files, RangeSink } from './files.ts';
import { fileName, type HeaderLine, parameter } from './headers.ts';
import { type Coding, Inflater } from './inflate.ts';
import { Multipart } from './multipart.ts';
import type { Weird } from './start-line.ts';

const CODINGS: Readonly<Record<string, Coding>> = {
  gzip: 'gzip',
  'x-gzip': 'gzip',
  deflate: 'deflate',
  br: 'br',
  zstd: 'zstd',
};

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
  /** Of a partial reply. */
  #range: Range | undefined;
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
        if (this.#isPartialReply) this.#range = parseContentRange(line.value, this.#weird) ?? this.#range;
        this.#matchLengths();
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

  /** Bytes of the body that were never seen. */
  gap(length: number): void {
    this.received += length;
    this.#sink?.gap(length);
  }

  /** The body is over; gives its length, unpacked. */
  end(isComplete: boolean): number {
    this.#inflater?.finish(isComplete);
    this.#sink?.end();
    if (this.#multipart?.isTooDeep) this.#weird('exceeded_mime_max_depth', '100');
    if (!this.#inflater) return this.received;
    if (this.#inflater.isBroken) this.#weird('inflate_failed');
    return this.#inflater.length(isComplete);
  }

  #open(): BodySink {
    if (this.#type)
      this.#multipart = new Multipart(
        this.#files,
        this.#boundary,
        this.#isPartialReply ? this.#weird : undefined,
      );
    const sink = this.#multipart ?? this.#file();
    if (!this.#coding) return sink;
    this.#inflater = new Inflater(this.#coding, sink, this.#files.readsContent);
    return this.#inflater;
  }

  /** A part whose place in the whole is unknown is a file of its own, which does not reach its end. */
  #file(): BodySink & { skip?(length: number): void } {
    if (this.#range) return new RangeSink(this.#files, this.#name, this.#range);
    const total = this.#coding || this.length === 0 ? undefined : this.length;
    return new FileSink(this.#files, this.#name, total, this.#isPartialReply);
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
    this.#coding = CODINGS[word];
  }

  #contentType(value: string): void {
    const lower = value.slice(0, 10).toLowerCase();
    if (lower.startsWith('multipart/')) {
      this.#boundary = parameter(value, 'boundary');
      this.#type = this.#boundary ? 'multipart' : undefined;
    } else if (lower.startsWith('message/')) this.#type = 'message';
    this.#name ??= parameter(value, 'name');
  }

  /** Where range and length disagree somebody may want to hide something: the longer one counts. */
  #matchLengths(): void {
    if (!this.#range || this.length === undefined || this.length === this.#range.length) return;
    this.#weird('HTTP_range_not_matching_len');
    this.length = Math.max(this.length, this.#range.length);
  }
}
