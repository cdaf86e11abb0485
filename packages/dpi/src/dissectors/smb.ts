/** SMB 1 to 3, directly over TCP or over NetBIOS: log-ins, shares, files and remote procedure calls. MS-SMB2, MS-CIFS, RFC 1002 §4.3. */
import type { Connection, Dissector, Session } from '../dissector.ts';
import { Authentication } from './authentication.ts';
import { Shares } from './smb/shares.ts';
import type { Sink } from './smb/sink.ts';
import { BULK_HEADER1, HEADER1, isBulk1, isWanted1, Smb1 } from './smb/smb1.ts';
import { BULK_HEADER2, HEADER2, isBulk, isWanted, nextOf, Smb2 } from './smb/smb2.ts';

/** Bytes before a message: its kind and length. RFC 1002 §4.3.1. */
const FRAME = 4;
const SESSION_MESSAGE = 0;
const SESSION_REQUEST = 0x81;
const LAST_KIND = 0x85;
/** Bytes of a message that is waited for; tickets with long lists of groups reach some 64 KB. */
const LONGEST_MESSAGE = 131_072;
/** Commands chained into one message. */
const LONGEST_CHAIN = 64;

const SMB1 = 0xff;
const SMB2 = 0xfe;
const ENCRYPTED = 0xfd;
const COMPRESSED = 0xfc;

/** "SMB" behind a byte that tells the version. */
const isSmb = (bytes: Uint8Array, at: number): boolean =>
  bytes[at]! >= COMPRESSED && bytes[at + 1] === 0x53 && bytes[at + 2] === 0x4d && bytes[at + 3] === 0x42;

/** One direction: bytes of contents that go somewhere, then bytes to pass over. */
interface Side {
  data: number;
  sink: Sink | undefined;
  toSkip: number;
  /** Bytes were missed: what follows is looked at again where a message begins a segment. */
  isLost: boolean;
}

const freshSide = (): Side => ({ data: 0, sink: undefined, toSkip: 0, isLost: false });

class SmbSession implements Session {
  readonly #connection: Connection;
  readonly #authentication: Authentication;
  readonly #shares: Shares;
  readonly #smb1: Smb1;
  readonly #smb2: Smb2;
  readonly #sides = [freshSide(), freshSide()] as const;
  #isConfirmed = false;

  constructor(connection: Connection) {
    this.#connection = connection;
    this.#authentication = new Authentication(connection);
    this.#shares = new Shares(connection, this.#authentication);
    this.#smb1 = new Smb1(connection, this.#authentication, this.#shares);
    this.#smb2 = new Smb2(this.#authentication, this.#shares);
  }

  feed(bytes: Uint8Array, fromOriginator: boolean): number {
    const side = this.#sides[fromOriginator ? 0 : 1];
    if (side.isLost) {
      if (bytes.length < FRAME + 4 || bytes[0] !== SESSION_MESSAGE || !isSmb(bytes, FRAME))
        return bytes.length;
      side.isLost = false;
    }
    let at = 0;
    while (at < bytes.length) {
      if (side.data > 0 || side.toSkip > 0) {
        at += this.#pass(bytes, at, side);
        continue;
      }
      if (bytes.length - at < FRAME) break;
      const used = this.#frame(bytes, at, side);
      if (used < 0) return -1;
      if (used === 0) break;
      at += used;
    }
    return at;
  }

  gap(length: number, fromOriginator: boolean): void {
    const side = this.#sides[fromOriginator ? 0 : 1];
    const data = Math.min(length, side.data);
    if (data > 0) side.sink?.gap(data);
    side.data -= data;
    const rest = length - data;
    side.isLost ||= rest > side.toSkip;
    side.toSkip = side.isLost ? 0 : side.toSkip - rest;
    if (side.isLost) side.data = 0;
  }

  close(): void {
    this.#shares.close();
    this.#authentication.close();
  }

  /** Contents on their way, and what is not looked at. */
  #pass(bytes: Uint8Array, at: number, side: Side): number {
    const here = bytes.length - at;
    if (side.data > 0) {
      const n = Math.min(side.data, here);
      side.sink?.data(bytes, at, at + n);
      side.data -= n;
      return n;
    }
    const n = Math.min(side.toSkip, here);
    side.toSkip -= n;
    return n;
  }

  /** Bytes used of the frame at `at`: 0 while too little of it is there, negative if it is none. */
  #frame(bytes: Uint8Array, at: number, side: Side): number {
    const length = (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!;
    const kind = bytes[at]!;
    if (kind !== SESSION_MESSAGE) {
      if (kind < SESSION_REQUEST || kind > LAST_KIND) return -1;
      side.toSkip = length;
      return FRAME;
    }
    const from = at + FRAME;
    const here = Math.min(length, bytes.length - from);
    if (here < Math.min(length, HEADER2)) return 0;
    if (length < HEADER1 || !isSmb(bytes, from)) {
      if (!this.#isConfirmed) return -1;
      side.toSkip = length;
      return FRAME;
    }
    if (!this.#isConfirmed) this.#connection.confirm();
    this.#isConfirmed = true;
    const message = bytes.subarray(from, from + here);
    const used = this.#message(message, length, side);
    return used === 0 ? 0 : FRAME + used;
  }

  /** Bytes used of a message of `length`, of which those that are here are given; what is left goes to the side. */
  #message(message: Uint8Array, length: number, side: Side): number {
    const version = message[0];
    if (version === ENCRYPTED || version === COMPRESSED) return this.#skip(message, length, side);
    const isFirst = version === SMB1;
    if (!isFirst && length < HEADER2) return this.#skip(message, length, side);
    const isAlone = isFirst || nextOf(message) === 0;
    if (isAlone && (isFirst ? isBulk1(message) : isBulk(message))) return this.#bulk(message, length, side);
    if (isAlone && !(isFirst ? isWanted1(message) : isWanted(message)))
      return this.#skip(message, length, side);
    if (length > LONGEST_MESSAGE) return this.#skip(message, length, side);
    if (message.length < length) return 0;
    if (isFirst) this.#smb1.message(message);
    else this.#chain(message);
    return length;
  }

  #skip(message: Uint8Array, length: number, side: Side): number {
    side.toSkip = length - message.length;
    return message.length;
  }

  /** Reads and writes: their contents are passed on as they come. */
  #bulk(message: Uint8Array, length: number, side: Side): number {
    const needed = message[0] === SMB1 ? BULK_HEADER1 : BULK_HEADER2;
    if (message.length < Math.min(length, needed)) return 0;
    const smb = message[0] === SMB1 ? this.#smb1 : this.#smb2;
    const { from, length: size, sink } = smb.bulk(message);
    if (!sink || size === 0 || from < HEADER1 || from + size > length)
      return this.#skip(message, length, side);
    const start = Math.min(from, message.length);
    const end = Math.min(from + size, message.length);
    if (end > start) sink.data(message, start, end);
    side.sink = sink;
    side.data = size - (end - start);
    // Where the contents begin behind what is here, the bytes before them would count as theirs: none do.
    side.toSkip = length - message.length - side.data;
    return message.length;
  }

  /** Messages of SMB 2 that travel together, each with a header of its own. */
  #chain(frame: Uint8Array): void {
    let at = 0;
    for (let i = 0; i < LONGEST_CHAIN && frame.length - at >= HEADER2; i++) {
      if (!isSmb(frame, at) || frame[at] !== SMB2) return;
      const rest = frame.subarray(at);
      const next = nextOf(rest);
      const isLast = next < HEADER2 || next > rest.length;
      const message = isLast ? rest : rest.subarray(0, next);
      if (isBulk(message)) this.#bulkWithin(message);
      else this.#smb2.message(message);
      if (isLast) return;
      at += next;
    }
  }

  #bulkWithin(message: Uint8Array): void {
    const { from, length, sink } = this.#smb2.bulk(message);
    if (sink && from >= HEADER2 && from + length <= message.length) sink.data(message, from, from + length);
  }
}

/** A session request of NetBIOS: two names of 34 bytes, RFC 1002 §4.3.2. */
const isSessionRequest = (bytes: Uint8Array): boolean =>
  bytes[0] === SESSION_REQUEST && bytes[1] === 0 && bytes[2] === 0 && bytes[3] === 68 && bytes[4] === 32;

export const smb: Dissector = {
  name: 'smb',
  transports: ['tcp'],
  ports: [445, 139],
  begins: (first) => first === SESSION_MESSAGE || first === SESSION_REQUEST,
  probe(bytes) {
    if (bytes.length < 8) {
      const isPossible = bytes[0] === SESSION_MESSAGE || bytes[0] === SESSION_REQUEST;
      return bytes.length === 0 || isPossible ? -1 : 0;
    }
    if (isSessionRequest(bytes)) return 0.9;
    return bytes[0] === SESSION_MESSAGE && isSmb(bytes, FRAME) ? 1 : 0;
  },
  open: (connection) => new SmbSession(connection),
};
