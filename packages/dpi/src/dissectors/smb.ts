/** SMB: the Kerberos log-ins within its session set-ups, of versions 1 to 3. MS-SMB §2.2.4.6, MS-SMB2 §2.2.5, §2.2.6. */
import { Reader } from '@thymus/core';
import type { Connection, Dissector, Session } from '../dissector.ts';
import { kerberosIn } from './gssapi.ts';
import { KerberosExchange } from './kerberos/exchange.ts';

/** Bytes before a message: its kind and length. RFC 1002 §4.3.1. */
const FRAME = 4;
const SESSION_MESSAGE = 0;
/** Bytes that tell what a message is: SMB 2's header, which is the longer one. */
const HEADER = 64;
/** Bytes of a session set-up; tickets with long lists of groups reach some 64 KB. */
const MAX_SETUP = 131_072;
/** Messages of both directions after the last session set-up, before the log-ins count as over. */
const MOST_OTHERS = 64;

const SMB1 = 0xff;
const SMB2 = 0xfe;
const SETUP1 = 0x73;
const SETUP2 = 0x01;
const MORE_PROCESSING = 0xc000_0016;

/** A session set-up: its token, and in replies the outcome. */
interface Setup {
  readonly token: Uint8Array;
  readonly isReply: boolean;
  readonly status: number;
}

const isSmb = (bytes: Uint8Array, at: number): boolean =>
  (bytes[at] === SMB1 || bytes[at] === SMB2) &&
  bytes[at + 1] === 0x53 &&
  bytes[at + 2] === 0x4d &&
  bytes[at + 3] === 0x42;

function readSetup2(bytes: Uint8Array): Setup {
  const r = new Reader(bytes, 8);
  const status = r.u32le();
  r.at = 16;
  const isReply = (r.u32le() & 1) !== 0;
  r.at = HEADER + (isReply ? 4 : 12);
  const [from, length] = [r.u16le(), r.u16le()];
  return { token: bytes.subarray(from, from + length), isReply, status };
}

function readSetup1(bytes: Uint8Array): Setup {
  const r = new Reader(bytes, 5);
  const status = r.u32le();
  const isReply = (r.u8() & 0x80) !== 0;
  r.at = 32;
  const words = r.u8();
  const parameters = r.at;
  r.skip(isReply ? 6 : 14);
  const length = r.u16le();
  // Without extended security there is no token: 13 words in a request, 3 in a reply.
  const hasToken = words === (isReply ? 4 : 12);
  r.at = parameters + words * 2 + 2;
  return { token: hasToken ? r.take(length) : new Uint8Array(0), isReply, status };
}

class SmbSession implements Session {
  readonly #connection: Connection;
  readonly #exchange: KerberosExchange;
  readonly #toSkip: [number, number] = [0, 0];
  #others = 0;
  #isConfirmed = false;
  #isAsked = false;

  constructor(connection: Connection) {
    this.#connection = connection;
    this.#exchange = new KerberosExchange(connection);
  }

  get done(): boolean {
    return this.#others >= MOST_OTHERS;
  }

  feed(bytes: Uint8Array, fromOriginator: boolean): number {
    const side = fromOriginator ? 0 : 1;
    let at = Math.min(bytes.length, this.#toSkip[side]);
    this.#toSkip[side] -= at;
    while (bytes.length - at >= FRAME && !this.done) {
      const size = this.#frame(bytes, at);
      if (size <= 0) return size < 0 ? -1 : at;
      this.#toSkip[side] = Math.max(0, at + size - bytes.length);
      at = Math.min(bytes.length, at + size);
    }
    return at;
  }

  /** Some bytes of the message that is being skipped may be among the missing; what follows cannot be found again. */
  gap(): void {
    this.#others = MOST_OTHERS;
  }

  close(): void {
    this.#exchange.close();
  }

  /** Size of the frame at `at`, 0 while too little of it is there, negative if it is none. */
  #frame(bytes: Uint8Array, at: number): number {
    const length = (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!;
    if (bytes[at]! > 0x85 || (bytes[at]! > 0 && bytes[at]! < 0x81)) return -1;
    if (bytes[at] !== SESSION_MESSAGE) return FRAME + length;
    const from = at + FRAME;
    if (bytes.length - from < Math.min(length, HEADER)) return 0;
    if (length < 32 || !isSmb(bytes, from)) {
      this.#others++; // encrypted, once it is certain that this is SMB
      return this.#isConfirmed ? FRAME + length : -1;
    }
    if (!this.#isConfirmed) this.#connection.confirm();
    this.#isConfirmed = true;
    const isSetup =
      bytes[from] === SMB1
        ? bytes[from + 4] === SETUP1
        : bytes[from + 12] === SETUP2 && bytes[from + 13] === 0;
    if (!isSetup || length > MAX_SETUP) this.#others++;
    else if (bytes.length - from < length) return 0;
    else this.#setup(bytes.subarray(from, from + length));
    return FRAME + length;
  }

  #setup(bytes: Uint8Array): void {
    const setup = bytes[0] === SMB1 ? readSetup1(bytes) : readSetup2(bytes);
    const message = setup.token.length > 0 ? kerberosIn(setup.token) : undefined;
    this.#others = 0;
    if (message) {
      this.#connection.confirm('gssapi');
      this.#connection.confirm('krb');
      this.#exchange.message(message);
    }
    if (!setup.isReply) this.#isAsked = message !== undefined;
    else if (this.#isAsked && setup.status !== MORE_PROCESSING) this.#answer(setup.status);
  }

  /** Without mutual authentication no Kerberos message answers, but the outcome of the set-up tells the same. */
  #answer(status: number): void {
    this.#isAsked = false;
    this.#exchange.outcome(status === 0);
  }
}

export const smb: Dissector = {
  name: 'smb',
  transports: ['tcp'],
  ports: [445, 139],
  begins: (first) => first === SESSION_MESSAGE,
  probe(bytes) {
    if (bytes.length < 8) return bytes.length === 0 || bytes[0] === SESSION_MESSAGE ? -1 : 0;
    return bytes[0] === SESSION_MESSAGE && isSmb(bytes, FRAME) ? 1 : 0;
  },
  open: (connection) => new SmbSession(connection),
};
