/** DCE/RPC over TCP: which procedures are called of which interface. C706 §12; MS-RPCE. */
import type { Connection, Dissector, Session } from '../dissector.ts';
import { Authentication } from './authentication.ts';
import { Association } from './dce-rpc/association.ts';
import { BIND, BIND_ACK, beginsPdu, HEADER, REQUEST, RESPONSE } from './dce-rpc/pdu.ts';

class DceRpcSession implements Session {
  done = false;
  readonly #authentication: Authentication;
  readonly #association: Association;

  constructor(connection: Connection) {
    this.#authentication = new Authentication(connection);
    this.#association = new Association(connection, this.#authentication);
  }

  feed(bytes: Uint8Array, fromOriginator: boolean): number {
    return this.#association.feed(bytes, fromOriginator);
  }

  gap(length: number, fromOriginator: boolean): void {
    this.done ||= !this.#association.gap(length, fromOriginator);
  }

  close(): void {
    this.#association.close();
    this.#authentication.close();
  }
}

export const dceRpc: Dissector = {
  name: 'dce_rpc',
  transports: ['tcp'],
  ports: [135],
  begins: (first) => first === 5,
  probe(bytes, fromOriginator) {
    if (bytes.length < HEADER) return bytes.length === 0 || (bytes[0] === 5 && (bytes[1] ?? 0) <= 1) ? -1 : 0;
    if (!beginsPdu(bytes, 0)) return 0;
    const kind = bytes[2];
    if (kind === (fromOriginator ? BIND : BIND_ACK)) return 1;
    return kind === (fromOriginator ? REQUEST : RESPONSE) ? 0.9 : 0.7;
  },
  open: (connection) => new DceRpcSession(connection),
};
