/** STUN and TURN: how a client finds its public address or a relay, before media or DTLS share its port. RFC 8489, RFC 8656, RFC 7983. */
import type { Stun } from '@thymus/core';
import type { Connection, Dissector, Session } from '../dissector.ts';
import { headOf } from './head.ts';
import { CLASS, messageLength, readMessage, type StunMessage } from './stun/message.ts';
import { probeDtls } from './tls/dtls.ts';

const MOST_METHODS = 16;
/** Datagrams of media after which nothing new is expected on the port. */
const MOST_OTHERS = 256;

class StunSession implements Session {
  done = false;
  readonly #connection: Connection;
  readonly #rows = new Map<string, Stun>();
  #others = 0;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  feed(bytes: Uint8Array): number {
    if (this.#connection.proto === 'udp') return this.#datagram(bytes);
    let at = 0;
    for (let length = messageLength(bytes); at + length <= bytes.length; length = messageLength(bytes, at)) {
      if (length === 0) break;
      this.#message(readMessage(bytes.subarray(at, at + length)));
      at += length;
    }
    // What a relay frames as channel data is of no interest here.
    if (bytes.length - at >= 20 && messageLength(bytes, at) === 0) this.done = true;
    return at;
  }

  close(): void {
    for (const row of this.#rows.values()) this.#connection.emit(row);
    this.#rows.clear();
  }

  #datagram(bytes: Uint8Array): number {
    if (messageLength(bytes) === bytes.length) {
      this.#message(readMessage(bytes));
      return bytes.length;
    }
    if (this.#rows.size === 0) return -1;
    if (probeDtls(bytes) > 0) {
      this.#connection.handOver('ssl');
      return 0;
    }
    this.done = ++this.#others >= MOST_OTHERS;
    return bytes.length;
  }

  #message(message: StunMessage): void {
    if (this.#rows.size === 0) this.#connection.confirm();
    const row = this.#rowFor(message.method);
    if (!row) return;
    if (message.class === CLASS.SUCCESS) row.result = 'success';
    else if (message.class === CLASS.ERROR && row.result !== 'success') row.result = 'error';
    if (message.mapped) {
      row.mapped_addr ??= message.mapped.address;
      row.mapped_port ??= message.mapped.port;
    }
    if (message.relayed) {
      row.relayed_addr ??= message.relayed.address;
      row.relayed_port ??= message.relayed.port;
    }
    if (message.username !== undefined) row.username ??= message.username;
    if (message.realm !== undefined) row.realm ??= message.realm;
    if (message.software !== undefined) row.software ??= message.software;
  }

  #rowFor(method: string): Stun | undefined {
    const known = this.#rows.get(method);
    if (known || this.#rows.size >= MOST_METHODS) return known;
    const row: Stun = { kind: 'stun', ...headOf(this.#connection), method, result: 'unanswered' };
    this.#rows.set(method, row);
    return row;
  }
}

export const stun: Dissector = {
  name: 'stun',
  transports: ['udp', 'tcp'],
  ports: [3478],
  begins: (first) => first < 4,
  probe(bytes) {
    const length = messageLength(bytes);
    return length > 0 && length <= bytes.length ? 1 : 0;
  },
  open: (connection) => new StunSession(connection),
};
