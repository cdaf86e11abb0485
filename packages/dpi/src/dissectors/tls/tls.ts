/** TLS over TCP: the record layer of SSL 3 to TLS 1.3, and hellos in SSL 2's layout. RFC 5246 §6, RFC 8446 §5. */
import type { Connection, Session } from '../../dissector.ts';
import type { KnownCertificates } from '../x509/known.ts';
import { Gathering } from './gathering.ts';
import { Handshake } from './handshake.ts';
import { isSsl2, readSsl2 } from './ssl2.ts';

export const CHANGE_CIPHER_SPEC = 20;
export const ALERT = 21;
export const HANDSHAKE = 22;
export const APPLICATION_DATA = 23;
export const HEARTBEAT = 24;

/** Bytes of a handshake message; chains with post-quantum signatures reach some 100 KB. */
export const MAX_MESSAGE = 262_144;
/** Alerts that are read of one record. */
const MAX_ALERTS = 10;

const isVersion = (version: number): boolean => version >= 0x0300 && version <= 0x0303;

/** How likely a direction begins with a TLS record that carries a hello, or with a hello of SSL 2. */
export function probeTls(bytes: Uint8Array, fromOriginator: boolean): number {
  if (bytes.length < 6) return bytes.length === 0 || bytes[0] === HANDSHAKE || bytes[0]! & 0x80 ? -1 : 0;
  const isHello = bytes[5] === 1 || bytes[5] === 2;
  const isTls = bytes[0] === HANDSHAKE && bytes[1] === 3 && bytes[2]! < 4 && isHello;
  if (isTls) return 1;
  if (bytes[0] === ALERT && bytes[1] === 3 && bytes[2]! < 4 && bytes[3] === 0 && bytes[4] === 2) return 0.7;
  return isSsl2(bytes, fromOriginator) ? 0.6 : 0;
}

export class TlsSession implements Session {
  readonly #connection: Connection;
  readonly #handshake: Handshake;
  readonly #gathered = [new Gathering(MAX_MESSAGE), new Gathering(MAX_MESSAGE)] as const;
  /** A TLS record was seen: from then on SSL 2 is over. */
  #sawRecord = false;
  #isBroken = false;

  constructor(connection: Connection, known: KnownCertificates) {
    this.#connection = connection;
    this.#handshake = new Handshake(connection, known, 't');
  }

  get done(): boolean {
    return this.#isBroken || this.#handshake.isOver;
  }

  feed(bytes: Uint8Array, fromOriginator: boolean): number {
    let at = 0;
    while (!this.done && bytes.length - at >= 5) {
      const size = this.#record(bytes, at, fromOriginator);
      if (size < 0) return this.#break();
      if (size === 0) return at;
      at += size;
    }
    return this.done ? bytes.length : at;
  }

  /** Records cannot be found again after a gap. */
  gap(): void {
    this.#isBroken = true;
    this.#handshake.finish();
  }

  close(): void {
    this.#handshake.finish();
  }

  /** Reads the record at `at`: its size, 0 if it is not all there, negative if it is none. */
  #record(bytes: Uint8Array, at: number, fromOriginator: boolean): number {
    if (!this.#sawRecord && (bytes[at]! & 0x80) !== 0) {
      const rest = bytes.subarray(at);
      if (isSsl2(rest, fromOriginator)) return readSsl2(rest, fromOriginator, this.#handshake);
    }
    const type = bytes[at]!;
    const length = (bytes[at + 3]! << 8) | bytes[at + 4]!;
    if (!isVersion((bytes[at + 1]! << 8) | bytes[at + 2]!) || type < CHANGE_CIPHER_SPEC || type > 30)
      return -1;
    if (bytes.length - at - 5 < length) return 0;
    this.#sawRecord = true;
    const body = bytes.subarray(at + 5, at + 5 + length);
    return this.#read(type, body, fromOriginator) ? 5 + length : -1;
  }

  #read(type: number, body: Uint8Array, fromOriginator: boolean): boolean {
    const handshake = this.#handshake;
    const isClient = handshake.isClient(fromOriginator);
    if (type === APPLICATION_DATA && handshake.hidesHandshake) handshake.encrypt(isClient);
    if (handshake.isEncrypted(isClient)) handshake.ciphertext();
    else if (type === HANDSHAKE) return this.#messages(body, fromOriginator);
    else if (type === CHANGE_CIPHER_SPEC) handshake.changeCipherSpec(isClient);
    else if (type === ALERT) this.#alerts(body, isClient);
    else if (type === HEARTBEAT) handshake.note('b', isClient);
    else if (type === APPLICATION_DATA)
      this.#connection.weird('ssl_early_application_data', undefined, 'SSL');
    else return false;
    return true;
  }

  #alerts(body: Uint8Array, isClient: boolean): void {
    const most = this.#handshake.is13 ? 1 : MAX_ALERTS;
    for (let i = 1; i < body.length && i < most * 2; i += 2) this.#handshake.alert(isClient, body[i]!);
  }

  /** Reads the handshake messages of a record; one may begin in it and end in another. */
  #messages(body: Uint8Array, fromOriginator: boolean): boolean {
    const gathered = this.#gathered[fromOriginator ? 1 : 0];
    const isFresh = gathered.isEmpty;
    if (!isFresh && !gathered.add(body)) return false;
    const bytes = isFresh ? body : gathered.view;
    let at = 0;
    while (bytes.length - at >= 4) {
      const length = (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!;
      if (length > MAX_MESSAGE - 4) return false;
      if (bytes.length - at - 4 < length) break;
      const message = bytes.subarray(at + 4, at + 4 + length);
      if (!this.#handshake.message(bytes[at]!, message, fromOriginator)) return false;
      at += 4 + length;
    }
    if (isFresh) return at === bytes.length || gathered.add(bytes.subarray(at));
    gathered.drop(at);
    return true;
  }

  #break(): number {
    this.#isBroken = true;
    if (this.#handshake.version !== 0) this.#connection.weird('ssl_invalid_record', undefined, 'SSL');
    this.#handshake.finish();
    return -1;
  }
}
