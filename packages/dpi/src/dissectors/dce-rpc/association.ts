/** The calls of one association of remote procedures, over TCP or a named pipe. Rows as Zeek's dce_rpc.log. C706 §12. */
import type { Connection } from '../../dissector.ts';
import type { Authentication } from '../authentication.ts';
import { endpointName, interfaceOfPipe, isIgnored, operationName } from './interfaces.ts';
import {
  ALTER_CONTEXT,
  ALTER_CONTEXT_RESPONSE,
  AUTH_3,
  BIND,
  BIND_ACK,
  BIND_NAK,
  beginsPdu,
  FAULT,
  HEADER,
  type Header,
  LAST_FRAGMENT,
  REQUEST,
  RESPONSE,
  readAddress,
  readAuth,
  readContexts,
  readHeader,
  u16At,
} from './pdu.ts';

/** Bytes of calls and answers that are needed: context and number of the operation. */
const CALL = HEADER + 8;
/** Packets that carry bindings and log-ins are read as a whole. */
const WHOLE = new Set([BIND, BIND_ACK, BIND_NAK, ALTER_CONTEXT, ALTER_CONTEXT_RESPONSE, AUTH_3]);

/** Ways to authenticate, MS-RPCE §2.2.1.1.7. */
const SPNEGO = 9;
const NTLM = 10;
const KERBEROS = 16;
const NETLOGON = 68;
/** A call that was refused: ERROR_ACCESS_DENIED, MS-ERREF §2.2. */
const ACCESS_DENIED = 5;

/** Bindings and calls without an answer that are kept. */
const MOST_CONTEXTS = 64;
const MOST_CALLS = 256;

interface Call {
  readonly ts: number;
  readonly context: number;
  readonly operation: number;
}

export class Association {
  readonly #connection: Connection;
  readonly #authentication: Authentication;
  readonly #contexts = new Map<number, string>();
  readonly #calls = new Map<number, Call>();
  readonly #toSkip: [number, number] = [0, 0];
  readonly #usual: string | undefined;
  #address = '';
  #isConfirmed = false;

  /** `pipe` is the name of the pipe that carries it, where one does. */
  constructor(connection: Connection, authentication: Authentication, pipe?: string) {
    this.#connection = connection;
    this.#authentication = authentication;
    this.#usual = pipe === undefined ? undefined : interfaceOfPipe(pipe);
    if (this.#usual !== undefined && pipe !== undefined) this.#address = pipe;
  }

  /** Bytes done with; negative if they are none of this protocol. */
  feed(bytes: Uint8Array, fromOriginator: boolean): number {
    const side = fromOriginator ? 0 : 1;
    let at = Math.min(bytes.length, this.#toSkip[side]);
    this.#toSkip[side] -= at;
    while (bytes.length - at >= HEADER) {
      if (!beginsPdu(bytes, at)) return -1;
      const header = readHeader(bytes, at);
      const here = Math.min(header.length, bytes.length - at);
      const needed = WHOLE.has(header.kind) ? header.length : Math.min(CALL, header.length);
      if (here < needed) break;
      this.#packet(header, bytes.subarray(at, at + here));
      this.#toSkip[side] = header.length - here;
      at += here;
    }
    return at;
  }

  /** Bytes that were never seen; false if what follows cannot be read. */
  gap(length: number, fromOriginator: boolean): boolean {
    const side = fromOriginator ? 0 : 1;
    if (length > this.#toSkip[side]) return false;
    this.#toSkip[side] -= length;
    return true;
  }

  /** Tells the calls that were never answered. */
  close(): void {
    for (const call of this.#calls.values()) this.#tell(call, undefined);
    this.#calls.clear();
  }

  #packet(header: Header, pdu: Uint8Array): void {
    const { kind, isLittleEndian, call } = header;
    if (!this.#isConfirmed) this.#connection.confirm('dce_rpc');
    this.#isConfirmed = true;
    if (kind === BIND || kind === ALTER_CONTEXT) {
      for (const [id, uuid] of readContexts(pdu, isLittleEndian)) {
        if (this.#contexts.size < MOST_CONTEXTS || this.#contexts.has(id)) this.#contexts.set(id, uuid);
      }
    } else if (kind === BIND_ACK) this.#address = readAddress(pdu, isLittleEndian) || this.#address;
    else if (kind === BIND_NAK) this.#authentication.outcome(false);
    else if (kind === REQUEST) this.#request(header, pdu);
    else if (kind === RESPONSE) this.#response(header);
    else if (kind === FAULT) this.#fault(call, pdu, isLittleEndian);
    if (header.authLength > 0) this.#auth(header, pdu);
  }

  #request({ flags, call, isLittleEndian, length }: Header, pdu: Uint8Array): void {
    // Only the last fragment counts, as the call begins once it is complete.
    if ((flags & LAST_FRAGMENT) === 0 || length < CALL) return;
    if (this.#calls.size >= MOST_CALLS) {
      const [oldest] = this.#calls.keys();
      if (oldest !== undefined) this.#calls.delete(oldest);
    }
    const context = u16At(pdu, HEADER + 4, isLittleEndian);
    const operation = u16At(pdu, HEADER + 6, isLittleEndian);
    this.#calls.set(call, { ts: this.#connection.ts, context, operation });
  }

  #response({ flags, call }: Header): void {
    const asked = this.#calls.get(call);
    if ((flags & LAST_FRAGMENT) === 0 || !asked) return;
    this.#calls.delete(call);
    const { ts } = this.#connection;
    this.#tell(asked, ts > asked.ts ? ts - asked.ts : undefined);
  }

  #tell(asked: Call, rtt: number | undefined): void {
    const uuid = this.#contexts.get(asked.context) ?? this.#usual;
    if (uuid === undefined) return;
    const endpoint = endpointName(uuid);
    const operation = operationName(uuid, asked.operation);
    if (isIgnored(endpoint, operation)) return;
    const { uid, source_ip, source_port, dest_ip, dest_port } = this.#connection;
    const named_pipe = this.#address || undefined;
    const head = { ts: asked.ts, uid, source_ip, source_port, dest_ip, dest_port };
    this.#connection.emit({ kind: 'dce_rpc', ...head, rtt, named_pipe, endpoint, operation });
  }

  #fault(call: number, pdu: Uint8Array, isLittleEndian: boolean): void {
    this.#calls.delete(call);
    if (pdu.length < CALL + 4) return;
    const status = new DataView(pdu.buffer, pdu.byteOffset + CALL, 4).getUint32(0, isLittleEndian);
    if (status === ACCESS_DENIED) this.#authentication.outcome(false);
  }

  /** Log-ins lie in the packets that bind; calls carry signatures, of which only the kind is looked at. */
  #auth(header: Header, pdu: Uint8Array): void {
    const auth = readAuth(pdu, header);
    if (!auth) return;
    if (auth.type === SPNEGO || auth.type === NTLM || auth.type === KERBEROS) {
      if (WHOLE.has(header.kind)) this.#authentication.token(auth.token);
    } else {
      const name = auth.type === NETLOGON ? 'netlogon_dce_rpc_auth_type' : 'unknown_dce_rpc_auth_type';
      this.#connection.weird(name, `${auth.type}`, 'DCE_RPC');
    }
  }
}
