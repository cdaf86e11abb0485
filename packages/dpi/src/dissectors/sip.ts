/** SIP over UDP and TCP: who calls whom through which servers. RFC 3261; rows as Zeek's sip.log. */
import type { Connection, Dissector, Session } from '../dissector.ts';
import { beginsMessage, headEnd, MAX_HEAD, readMessage } from './sip/message.ts';
import { SipTransactions } from './sip/transactions.ts';

const PORTS: readonly number[] = [5060, 5072];
const MAX_BODY = 1_048_576;
/** Bytes that clients send to keep a path open: NULs, or two ends of lines (RFC 5626 §3.5.1). */
const KEEP_ALIVE: readonly number[] = [0x00, 0x0a, 0x0d, 0x20];
const MOST_KEPT = 64;

const isKeepAlive = (bytes: Uint8Array): boolean => bytes.every((byte) => KEEP_ALIVE.includes(byte));

class SipSession implements Session {
  readonly #connection: Connection;
  readonly #transactions: SipTransactions;
  #isConfirmed = false;
  /** NULs of datagrams before a request, which Zeek counts as its junk. */
  #kept = new Uint8Array(0);
  /** Bytes of bodies that are still to come, by direction. */
  readonly #body: [number, number] = [0, 0];

  constructor(connection: Connection) {
    this.#connection = connection;
    this.#transactions = new SipTransactions(connection);
  }

  feed(bytes: Uint8Array, fromOriginator: boolean): number {
    if (this.#connection.proto === 'udp') return this.#datagram(bytes);
    const side = fromOriginator ? 0 : 1;
    let at = this.#skipBody(side, bytes.length);
    while (at < bytes.length) {
      if (KEEP_ALIVE.includes(bytes[at]!)) {
        at++;
        continue;
      }
      const view = bytes.subarray(at);
      const end = headEnd(view);
      if (end < 0) return view.length > MAX_HEAD ? -1 : at;
      const length = this.#message(view, end);
      if (length < 0) return -1;
      this.#body[side] = length;
      at += end;
      at += this.#skipBody(side, bytes.length - at);
    }
    return at;
  }

  gap(length: number, fromOriginator: boolean): void {
    this.#skipBody(fromOriginator ? 0 : 1, length);
  }

  close(): void {
    this.#transactions.close();
  }

  /** Passes over what a body still wants of `length` bytes; gives how many those are. */
  #skipBody(side: 0 | 1, length: number): number {
    const skipped = Math.min(this.#body[side], length);
    this.#body[side] -= skipped;
    return skipped;
  }

  #datagram(bytes: Uint8Array): number {
    if (isKeepAlive(bytes)) {
      this.#keep(bytes);
      return bytes.length;
    }
    const all = this.#kept.length > 0 ? new Uint8Array([...this.#kept, ...bytes]) : bytes;
    this.#kept = new Uint8Array(0);
    const end = headEnd(all);
    return this.#message(all, end < 0 ? all.length : end) < 0 ? -1 : bytes.length;
  }

  #keep(bytes: Uint8Array): void {
    const junk = bytes.filter((byte) => byte === 0);
    if (this.#kept.length + junk.length <= MOST_KEPT) this.#kept = new Uint8Array([...this.#kept, ...junk]);
  }

  /** Reads one message; gives the length of its body, -1 if it is none. */
  #message(bytes: Uint8Array, headTo: number): number {
    const message = readMessage(bytes, headTo);
    if (!message) return this.#isConfirmed ? 0 : -1;
    if (!this.#isConfirmed) this.#connection.confirm();
    this.#isConfirmed = true;
    this.#transactions.message(message);
    return Math.min(message.bodyLength, MAX_BODY);
  }
}

export const sip: Dissector = {
  name: 'sip',
  transports: ['udp', 'tcp'],
  ports: PORTS,
  begins: (first) => KEEP_ALIVE.includes(first) || (first >= 0x41 && first <= 0x5a),
  probe(bytes, _, destPort) {
    if (destPort === PORTS[0] && bytes.length <= 8 && isKeepAlive(bytes)) return bytes.length > 0 ? 0.2 : 0;
    return beginsMessage(bytes) ? 1 : 0;
  },
  open: (connection) => new SipSession(connection),
};
