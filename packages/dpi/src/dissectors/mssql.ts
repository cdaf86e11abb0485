/** Microsoft SQL Server: log-ins, statements, procedures and their outcome; TLS as far as it is wrapped in TDS. MS-TDS. */
import type { Mssql } from '@thymus/core';
import type { Connection, Dissector, Session } from '../dissector.ts';
import { Authentication } from './authentication.ts';
import { headOf } from './head.ts';
import { InnerSession } from './inner-session.ts';
import { type Framing, Messages } from './messages.ts';
import { readLogin } from './mssql/login.ts';
import { hasFailed, readReply } from './mssql/reply.ts';
import { readBatch, readCall } from './mssql/requests.ts';
import { ssl } from './ssl.ts';

const HEADER = 8;
/** Bytes of a packet, the longest that can be agreed. */
const MOST = 32_767;

/** Types of packets. MS-TDS §2.2.3.1.1. */
const TYPE = { batch: 1, call: 3, reply: 4, login: 16, system: 17, prelogin: 18 } as const;
/** Status of the last packet of a message. */
const LAST = 1;

/** Records of TLS, some of them without a packet around them. */
const TLS_FIRST = 20;
const TLS_LAST = 23;
const TLS_HEADER = 5;
const isTls = (bytes: Uint8Array, at: number): boolean =>
  bytes[at]! >= TLS_FIRST && bytes[at]! <= TLS_LAST && bytes[at + 1] === 3;

/** Records after which nothing but records will come: a log-in fits into one or two. */
const MOST_SEALED = 16;

const u16 = (bytes: Uint8Array, at: number): number => (bytes[at]! << 8) | bytes[at + 1]!;

const FRAMING: Framing = {
  header: TLS_HEADER,
  most: MOST,
  lengthOf(bytes, at) {
    if (isTls(bytes, at)) return TLS_HEADER + u16(bytes, at + 3);
    const length = u16(bytes, at + 2);
    return bytes[at]! > TYPE.prelogin || length < HEADER ? -1 : length;
  },
};

class MssqlSession implements Session {
  readonly #connection: Connection;
  readonly #tls: Dissector;
  readonly #authentication: Authentication;
  readonly #client = new Messages(FRAMING, (packet) => this.#packet(packet, true));
  readonly #server = new Messages(FRAMING, (packet) => this.#packet(packet, false));
  #inner: InnerSession | undefined;
  #sealed = 0;
  #isBroken = false;
  #isLost = false;
  #isConfirmed = false;
  /** The next packet of client, server is the first of a message. */
  readonly #isFirst: [boolean, boolean] = [true, true];
  #row: Mssql | undefined;
  #user: string | undefined;

  constructor(connection: Connection, tls: Dissector) {
    this.#connection = connection;
    this.#tls = tls;
    this.#authentication = new Authentication(connection);
  }

  get done(): boolean {
    return this.#isLost;
  }

  feed(bytes: Uint8Array, fromOriginator: boolean): number {
    const consumed = (fromOriginator ? this.#client : this.#server).feed(bytes);
    return this.#isBroken ? -1 : consumed;
  }

  gap(length: number, fromOriginator: boolean): void {
    if (!(fromOriginator ? this.#client : this.#server).gap(length)) this.#isLost = true;
  }

  close(): void {
    this.#emit();
    this.#authentication.close();
    this.#inner?.close();
  }

  #packet(packet: Uint8Array, isClient: boolean): boolean {
    if (isTls(packet, 0)) this.#secure(packet, isClient);
    else {
      const side = isClient ? 0 : 1;
      const isLast = (packet[1]! & LAST) !== 0;
      const payload = packet.subarray(HEADER);
      if (isTls(payload, 0)) this.#secure(payload, isClient);
      else if (isClient) this.#request(packet[0]!, payload);
      else this.#reply(packet[0]!, payload, isLast);
      this.#isFirst[side] = isLast;
    }
    return !this.#isBroken;
  }

  /** TLS is wrapped only until both sides are agreed; it may hide the log-in alone, or all that follows. */
  #secure(bytes: Uint8Array, isClient: boolean): void {
    this.#inner ??= new InnerSession(this.#tls, this.#connection);
    this.#inner.feed(bytes, isClient);
    if (this.#inner.isOver && ++this.#sealed > MOST_SEALED) this.#isLost = true;
  }

  #request(type: number, payload: Uint8Array): void {
    if (!this.#isFirst[0]) return;
    if (type === TYPE.login) this.#login(payload);
    else if (type === TYPE.system) this.#authentication.token(payload);
    else if (type === TYPE.batch) this.#begin({ cmd: 'batch', arg: readBatch(payload) });
    else if (type === TYPE.call) this.#call(payload);
  }

  #login(payload: Uint8Array): void {
    const login = readLogin(payload);
    if (!login) {
      this.#isBroken = true;
      return;
    }
    this.#confirm();
    this.#user = login.columns.user;
    this.#begin({ cmd: 'login', ...login.columns });
    this.#authentication.token(login.token);
  }

  #call(payload: Uint8Array): void {
    const arg = readCall(payload);
    if (arg !== undefined) this.#begin({ cmd: 'rpc', arg });
  }

  #reply(type: number, payload: Uint8Array, isLast: boolean): void {
    if (type !== TYPE.reply) return;
    this.#confirm();
    const row = this.#row;
    if (!row) return;
    if (this.#isFirst[1]) this.#answer(row, payload);
    if (isLast && this.#row) this.#end(row, payload);
  }

  #answer(row: Mssql, payload: Uint8Array): void {
    const { isAccepted, error, message, token } = readReply(payload);
    if (error !== undefined) {
      row.error = error;
      row.response = message;
      row.success = false;
    } else if (isAccepted) row.success = true;
    if (token) this.#authentication.token(token);
  }

  /** The whole reply was seen; that to a log-in may only have been a step of it. */
  #end(row: Mssql, payload: Uint8Array): void {
    if (row.cmd === 'login') {
      if (row.success === undefined) return;
      this.#authentication.outcome(row.success);
    } else row.success ??= !hasFailed(payload);
    this.#emit();
  }

  #begin(columns: Partial<Mssql> & Pick<Mssql, 'cmd'>): void {
    this.#emit();
    this.#row = { kind: 'mssql', ...headOf(this.#connection), user: this.#user, ...columns };
  }

  #emit(): void {
    if (this.#row) this.#connection.emit(this.#row);
    this.#row = undefined;
  }

  #confirm(): void {
    if (!this.#isConfirmed) this.#connection.confirm();
    this.#isConfirmed = true;
  }
}

/** Versions of the oldest and the newest log-in that begins without negotiation. */
const FIRST_VERSION = 0x70;
const LAST_VERSION = 0x74;
/** Bytes of the version, with which a negotiation begins. */
const VERSION_SIZE = 6;

function probe(bytes: Uint8Array, fromOriginator: boolean): number {
  if (!fromOriginator) return 0;
  if (bytes.length < 16) return bytes.length > 1 && bytes[1]! > LAST ? 0 : -1;
  if (bytes[1]! > LAST || u16(bytes, 2) < 16 || bytes[7]! > 1) return 0;
  if (bytes[0] === TYPE.prelogin) return bytes[8] === 0 && u16(bytes, 11) === VERSION_SIZE ? 1 : 0;
  const size = bytes[8]! | (bytes[9]! << 8) | (bytes[10]! << 16);
  const isVersion = bytes[15]! >= FIRST_VERSION && bytes[15]! <= LAST_VERSION;
  return bytes[11] === 0 && size >= u16(bytes, 2) - HEADER && isVersion ? 1 : 0;
}

const withTls = (tls: Dissector): Dissector => ({
  name: 'mssql',
  transports: ['tcp'],
  ports: [1433],
  begins: (first) => first === TYPE.prelogin || first === TYPE.login,
  // A negotiation begins with the client's version, a log-in without one has its length and version in front.
  probe,
  open: (connection) => new MssqlSession(connection, tls),
  create: () => withTls(tls.create?.() ?? tls),
});

export const mssql: Dissector = withTls(ssl);
