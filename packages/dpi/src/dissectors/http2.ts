/** HTTP/2 without TLS, by prior knowledge or by upgrade: its requests and replies as http records. RFC 9113, RFC 7541. */
import type { Connection, Dissector, Session } from '../dissector.ts';
import { latin1Text } from '../text.ts';
import { HpackDecoder } from './http2/hpack.ts';
import { Http2Streams } from './http2/streams.ts';
import { type Framing, Messages } from './messages.ts';

/** What a client begins with. RFC 9113 §3.4. */
const PREFACE = 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n';
const HEADER = 9;
/** Bytes of a frame with headers, and of all frames that make one block of them. */
const MOST = 65_536;
const MOST_BLOCK = 131_072;

/** Types of frames and flags. RFC 9113 §6. */
const TYPE = { data: 0, headers: 1, reset: 3, promise: 5, last: 9 } as const;
const END_STREAM = 0x01;
const END_HEADERS = 0x04;
const PADDED = 0x08;
const PRIORITY = 0x20;

const lengthAt = (bytes: Uint8Array, at: number): number =>
  (bytes[at]! << 16) | (bytes[at + 1]! << 8) | bytes[at + 2]!;
const streamAt = (bytes: Uint8Array, at: number): number =>
  (bytes[at]! & 0x7f) * 0x100_0000 + ((bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!);

const FRAMES = {
  header: HEADER,
  most: MOST,
  lengthOf: (bytes, at) => HEADER + lengthAt(bytes, at),
  // Of data only the length counts, and the byte that says how much of it is padding.
  wantedOf: (bytes, at) => (bytes[at + 3] === TYPE.data ? HEADER + 1 : MOST),
} as const satisfies Framing;

/** A block of headers that comes in several frames. */
interface Block {
  readonly type: number;
  readonly stream: number;
  readonly isEnd: boolean;
  parts: Uint8Array;
}

class Side {
  readonly decoder = new HpackDecoder();
  block: Block | undefined;
}

class Http2Session implements Session {
  done = false;
  readonly #connection: Connection;
  readonly #streams: Http2Streams;
  readonly #sides: [Side, Side] = [new Side(), new Side()];
  readonly #client: Messages;
  readonly #server = new Messages(FRAMES, (frame) => this.#frame(frame, false));
  #hasPreface = false;
  #isBroken = false;

  constructor(connection: Connection) {
    this.#connection = connection;
    this.#streams = new Http2Streams(connection);
    const framing: Framing = {
      ...FRAMES,
      lengthOf: (bytes, at) => (this.#hasPreface ? FRAMES.lengthOf(bytes, at) : PREFACE.length),
      wantedOf: (bytes, at) => (this.#hasPreface ? FRAMES.wantedOf(bytes, at) : PREFACE.length),
    };
    this.#client = new Messages(framing, (frame) =>
      this.#hasPreface ? this.#frame(frame, true) : this.#begin(frame),
    );
  }

  feed(bytes: Uint8Array, fromOriginator: boolean): number {
    const consumed = (fromOriginator ? this.#client : this.#server).feed(bytes);
    return this.#isBroken ? -1 : consumed;
  }

  /** Lost headers make all later ones unreadable. */
  gap(length: number, fromOriginator: boolean): void {
    if (!(fromOriginator ? this.#client : this.#server).gap(length)) this.done = true;
  }

  close(): void {
    this.#streams.close();
  }

  #begin(preface: Uint8Array): boolean {
    this.#hasPreface = latin1Text(preface) === PREFACE;
    this.#isBroken = !this.#hasPreface;
    if (this.#hasPreface) this.#connection.confirm();
    return this.#hasPreface;
  }

  #frame(frame: Uint8Array, fromClient: boolean): boolean {
    const [type, flags] = [frame[3]!, frame[4]!];
    const stream = streamAt(frame, 5);
    if (type === TYPE.data) this.#data(frame, stream, fromClient);
    else if (type === TYPE.headers || type === TYPE.promise) this.#headers(frame, type, stream, fromClient);
    else if (type === TYPE.last) this.#continue(frame, fromClient);
    else if (type === TYPE.reset) this.#streams.end(stream);
    const isEnd = (flags & END_STREAM) !== 0;
    if (type === TYPE.data && isEnd && !fromClient) this.#streams.end(stream);
    return !this.#isBroken;
  }

  #data(frame: Uint8Array, stream: number, fromClient: boolean): void {
    const padding = (frame[4]! & PADDED) !== 0 ? (frame[HEADER] ?? 0) + 1 : 0;
    this.#streams.data(stream, Math.max(0, lengthAt(frame, 0) - padding), fromClient);
  }

  #headers(frame: Uint8Array, type: number, stream: number, fromClient: boolean): void {
    const flags = frame[4]!;
    const padding = (flags & PADDED) !== 0 ? (frame[HEADER] ?? 0) + 1 : 0;
    const isPromise = type === TYPE.promise;
    const before = isPromise ? 4 : (flags & PRIORITY) !== 0 ? 5 : 0;
    const from = HEADER + Math.min(1, padding) + before;
    const to = HEADER + lengthAt(frame, 0) - Math.max(0, padding - 1);
    if (from > to || to > frame.length) {
      this.#isBroken = true;
      return;
    }
    const promised = isPromise ? streamAt(frame, from - 4) : stream;
    const isEnd = !isPromise && (flags & END_STREAM) !== 0;
    const block = { type, stream: promised, isEnd, parts: frame.slice(from, to) };
    this.#take(block, (flags & END_HEADERS) !== 0, fromClient);
  }

  #continue(frame: Uint8Array, fromClient: boolean): void {
    const { block } = this.#sides[fromClient ? 0 : 1];
    const length = (block?.parts.length ?? 0) + frame.length - HEADER;
    if (!block || length > MOST_BLOCK || frame.length < HEADER + lengthAt(frame, 0)) {
      this.#isBroken = true;
      return;
    }
    const parts = new Uint8Array(length);
    parts.set(block.parts);
    parts.set(frame.subarray(HEADER), block.parts.length);
    this.#take({ ...block, parts }, (frame[4]! & END_HEADERS) !== 0, fromClient);
  }

  #take(block: Block, isWhole: boolean, fromClient: boolean): void {
    const side = this.#sides[fromClient ? 0 : 1];
    side.block = isWhole ? undefined : block;
    if (!isWhole) return;
    const fields = side.decoder.decode(block.parts);
    if (!fields) {
      this.#isBroken = true;
      return;
    }
    if (fromClient || block.type === TYPE.promise) this.#streams.request(block.stream, fields);
    else {
      this.#streams.reply(block.stream, fields);
      if (block.isEnd) this.#streams.end(block.stream);
    }
  }
}

export const http2: Dissector = {
  name: 'http2',
  transports: ['tcp'],
  ports: [],
  begins: (first) => first === PREFACE.charCodeAt(0),
  probe(bytes, fromOriginator) {
    const length = Math.min(bytes.length, PREFACE.length);
    if (!fromOriginator || latin1Text(bytes, 0, length) !== PREFACE.slice(0, length)) return 0;
    return length === PREFACE.length ? 1 : length > 4 ? 0.95 : -1;
  },
  open: (connection) => new Http2Session(connection),
};
