/** LDAP over TCP and UDP: who binds, searches and changes what. RFC 4511; MS-ADTS §6.3.3 for UDP. */
import type { Connection, Dissector, Session } from '../dissector.ts';
import { Authentication } from './authentication.ts';
import { derAt } from './der.ts';
import { berSize, readProtection, SEQUENCE } from './ldap/frames.ts';
import { ENTRY, operationName, REFERENCE } from './ldap/names.ts';
import { LdapOperations, readLdapMessage } from './ldap/operations.ts';

/** Bytes of a message that is waited for; longer ones are passed over. */
const LONGEST_MESSAGE = 131_072;
/** Bytes that tell number and operation of a message whose rest is not needed. */
const PEEK = 24;

/** One direction: bytes to pass over, and within a frame of protection what is left of it. */
interface Side {
  toSkip: number;
  /** Bytes of messages left in the frame; negative where messages are not framed. */
  plain: number;
  after: number;
}

const freshSide = (): Side => ({ toSkip: 0, plain: -1, after: 0 });

class LdapSession implements Session {
  done = false;
  readonly #connection: Connection;
  readonly #authentication: Authentication;
  readonly #operations: LdapOperations;
  readonly #sides = [freshSide(), freshSide()] as const;
  readonly #service: string;
  #isConfirmed = false;

  constructor(connection: Connection) {
    this.#connection = connection;
    this.#authentication = new Authentication(connection);
    this.#operations = new LdapOperations(connection, this.#authentication);
    this.#service = connection.proto === 'tcp' ? 'ldap_tcp' : 'ldap_udp';
  }

  feed(bytes: Uint8Array, fromOriginator: boolean): number {
    const side = this.#sides[fromOriginator ? 0 : 1];
    let at = 0;
    while (at < bytes.length && !this.done) {
      if (side.toSkip > 0) {
        const n = Math.min(side.toSkip, bytes.length - at);
        side.toSkip -= n;
        at += n;
        continue;
      }
      if (side.plain === 0) {
        side.plain = -1;
        side.toSkip = side.after;
        continue;
      }
      const used = this.#next(bytes, at, side);
      if (used < 0) return this.#break();
      if (used === 0 && side.toSkip === 0) break;
      at += used;
      if (this.#operations.startsTls) return this.#startTls(at);
    }
    return at;
  }

  /** Only what was to be passed over anyway may be missing. */
  gap(length: number, fromOriginator: boolean): void {
    const side = this.#sides[fromOriginator ? 0 : 1];
    if (length <= side.toSkip) side.toSkip -= length;
    else this.done = true;
  }

  close(): void {
    this.#operations.close();
    this.#authentication.close();
  }

  #startTls(at: number): number {
    this.#connection.handOver('ssl');
    this.done = true;
    return at;
  }

  #break(): number {
    this.done = true;
    return -1;
  }

  /** Bytes used of what begins at `at`: 0 = too few to tell, negative = not LDAP. */
  #next(bytes: Uint8Array, at: number, side: Side): number {
    if (bytes[at] === SEQUENCE) return this.#message(bytes, at, side);
    if (side.plain > 0) {
      side.toSkip = side.plain; // sealed by other means
      side.plain = 0;
      return 0;
    }
    if (!this.#isConfirmed || this.#operations.secured === undefined) return -1;
    const frame = readProtection(bytes, at);
    if (frame === null) return -1;
    if (frame === undefined) return 0;
    side.toSkip = frame.before;
    side.plain = frame.plain > 0 ? frame.plain : -1;
    side.after = frame.after;
    return 0;
  }

  #message(bytes: Uint8Array, at: number, side: Side): number {
    const size = berSize(bytes, at);
    if (size === null) return -1;
    if (size === undefined) return 0;
    const total = size.header + size.length;
    if (side.plain > 0 && total > side.plain) {
      side.toSkip = side.plain; // a message does not span frames
      side.plain = 0;
      return 0;
    }
    const here = bytes.length - at;
    if (here < total) {
      if (here < PEEK) return 0;
      return this.#isEntry(bytes, at + size.header) || total > LONGEST_MESSAGE ? this.#pass(total, side) : 0;
    }
    const sequence = derAt(bytes, at, at + total);
    const message = sequence && readLdapMessage(sequence);
    if (!message) return -1;
    this.#operations.message(message);
    this.#confirm();
    if (side.plain > 0) side.plain -= total;
    return total;
  }

  /** A message whose rest is not needed. */
  #pass(total: number, side: Side): number {
    this.#confirm();
    side.toSkip = total;
    if (side.plain > 0) side.plain -= total;
    return 0;
  }

  /** Entries that were found are only counted, so that their bytes need not be gathered. */
  #isEntry(bytes: Uint8Array, from: number): boolean {
    const number = derAt(bytes, from, Math.min(bytes.length, from + 8));
    const tag = number?.tag === 2 ? bytes[number.to] : undefined;
    if (!number || (tag !== ENTRY && tag !== REFERENCE)) return false;
    let id = 0;
    for (let i = number.from; i < number.to; i++) id = id * 256 + bytes[i]!;
    if (tag === ENTRY) this.#operations.entry(id);
    return true;
  }

  #confirm(): void {
    if (!this.#isConfirmed) this.#connection.confirm(this.#service);
    this.#isConfirmed = true;
  }
}

/** 1 if a message begins here, 0 if not, -1 if too little of it is there. */
function probeMessage(bytes: Uint8Array): number {
  const size = berSize(bytes, 0);
  if (size === null) return 0;
  if (size === undefined || bytes.length < size.header + 6) {
    return size !== undefined && bytes.length >= size.header + size.length ? 0 : -1;
  }
  const from = size.header;
  const number = bytes[from + 1]!;
  if (bytes[from] !== 2 || number < 1 || number > 4 || bytes[from + 2]! >= 0x80) return 0;
  const operation = from + 2 + number;
  if (operation + 2 > bytes.length) return -1;
  if (operationName(bytes[operation]!) === undefined) return 0;
  const inner = berSize(bytes, operation);
  if (inner === undefined) return -1;
  return inner !== null && operation - from + inner.header + inner.length <= size.length ? 1 : 0;
}

export const ldap: Dissector = {
  name: 'ldap_tcp',
  transports: ['tcp', 'udp'],
  ports: [389, 3268],
  begins: (first) => first === SEQUENCE,
  probe: (bytes) => (bytes.length === 0 ? -1 : bytes[0] === SEQUENCE ? probeMessage(bytes) : 0),
  open: (connection) => new LdapSession(connection),
};
