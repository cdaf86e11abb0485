/** Kerberos 5 over UDP and TCP: who asked for which ticket, and what came of it. RFC 4120 §7.2. */
import type { Connection, Dissector, Session } from '../dissector.ts';
import { KerberosExchange } from './kerberos/exchange.ts';
import { beginsMessage, isFramed, readMessage } from './kerberos/message.ts';

/** Bytes of a message over TCP; tickets with long lists of groups reach some 64 KB. */
const MAX_MESSAGE = 262_144;

class KerberosSession implements Session {
  readonly #connection: Connection;
  readonly #exchange: KerberosExchange;
  readonly #isStream: boolean;
  #isConfirmed = false;

  constructor(connection: Connection) {
    this.#connection = connection;
    this.#exchange = new KerberosExchange(connection);
    this.#isStream = connection.proto === 'tcp';
  }

  feed(bytes: Uint8Array): number {
    if (!this.#isStream) return this.#message(bytes) ? bytes.length : -1;
    let at = 0;
    while (bytes.length - at >= 4) {
      const length = new DataView(bytes.buffer, bytes.byteOffset + at, 4).getUint32(0);
      if (length > MAX_MESSAGE || length < 2) return -1;
      if (bytes.length - at - 4 < length) break;
      if (!this.#message(bytes.subarray(at + 4, at + 4 + length))) return -1;
      at += 4 + length;
    }
    return at;
  }

  close(): void {
    this.#exchange.close();
  }

  #message(bytes: Uint8Array): boolean {
    const message = readMessage(bytes);
    if (message) {
      if (!this.#isConfirmed) this.#connection.confirm(this.#isStream ? 'krb_tcp' : 'krb');
      this.#isConfirmed = true;
      this.#exchange.message(message);
    } else this.#connection.weird('kerberos_malformed', undefined, 'KRB');
    return message !== undefined || this.#isConfirmed;
  }
}

export const kerberos: Dissector = {
  name: 'krb',
  transports: ['udp', 'tcp'],
  ports: [88],
  begins: (first) => first === 0 || first >> 5 === 3,
  // Over TCP four bytes of length come first, whose upper half is 0 in all but enormous messages.
  probe(bytes, _, destPort) {
    if (bytes.length < 16) return bytes.length === 0 || bytes[0] === 0 || bytes[0]! >> 5 === 3 ? -1 : 0;
    const at = bytes[0] === 0 && bytes[1]! < 4 ? 4 : 0;
    if (beginsMessage(bytes, at)) return 1;
    return destPort === 88 && isFramed(bytes, at) ? 0.6 : 0;
  },
  open: (connection) => new KerberosSession(connection),
};
