/**
 * What the messages of a TLS handshake say, gathered into one ssl record; the same over TCP, DTLS and QUIC.
 * RFC 5246 §7, RFC 8446 §4; history letters, resumption and establishment as in Zeek's ssl.log.
 */
import type { Ssl } from '@thymus/core';
import type { Connection } from '../../dissector.ts';
import { fitsHostName } from '../x509/host-name.ts';
import type { KnownCertificates } from '../x509/known.ts';
import { announceChain, readChain } from './certificates.ts';
import { ja3, ja3s, ja4 } from './fingerprints.ts';
import { type ClientHello, readClientHello, readServerHello, type ServerHello } from './hello.ts';
import {
  alertName,
  cipherName,
  curveName,
  isDraft13,
  SSL2,
  SSL3,
  TLS12,
  TLS13,
  versionName,
} from './names.ts';

/** Letters in the history of one connection, Zeek's limit. */
const MAX_HISTORY = 100;

const CLIENT_HELLO = 1;
const SERVER_HELLO = 2;
const CERTIFICATE = 11;
const SERVER_KEY_EXCHANGE = 12;
const CLIENT_KEY_EXCHANGE = 16;

function lettersOf(pairs: readonly (readonly [number, string])[]): (string | undefined)[] {
  const letters = new Array<string | undefined>(256).fill(undefined);
  for (const [type, letter] of pairs) letters[type] = letter;
  return letters;
}

/** Letters of the handshake messages by type; `z` for all others. */
const LETTERS: readonly (string | undefined)[] = lettersOf([
  [0, 'h'],
  [CLIENT_HELLO, 'c'],
  [SERVER_HELLO, 's'],
  [3, 'v'],
  [4, 't'],
  [5, 'e'],
  [6, 'j'],
  [8, 'o'],
  [CERTIFICATE, 'x'],
  [SERVER_KEY_EXCHANGE, 'k'],
  [13, 'r'],
  [14, 'n'],
  [15, 'y'],
  [CLIENT_KEY_EXCHANGE, 'g'],
  [20, 'f'],
  [21, 'w'],
  [22, 'u'],
  [23, 'a'],
  [24, 'p'],
  [254, 'm'],
]);

const NAMED_CURVE = 3;

/** TCP, DTLS or QUIC: as JA4 writes it, and the service that it makes certain. */
export type TlsTransport = 't' | 'd' | 'q';
const SERVICES = { t: 'ssl', d: 'dtls', q: 'ssl' } as const;

/** The handshake of one connection. All `isClient` arguments tell who sent, whichever side opened the connection. */
export class Handshake {
  /** Version that was agreed; 0 before. */
  version = 0;
  /** The client hello came from the responder. */
  isFlipped = false;
  /** The last hello of the client. */
  clientHello: ClientHello | undefined;
  readonly #connection: Connection;
  readonly #known: KnownCertificates;
  readonly #transport: TlsTransport;
  readonly #isEncrypted: [boolean, boolean] = [false, false];
  #row: Ssl | undefined;
  #isEmitted = false;
  #sawHello = false;
  #hasServerHello = false;
  #sessionId = '';
  #offersTicket = false;
  #sawKeyExchange = false;
  #isEcdh = false;

  constructor(connection: Connection, known: KnownCertificates, transport: TlsTransport) {
    this.#connection = connection;
    this.#known = known;
    this.#transport = transport;
  }

  /** True once the record was emitted: there is nothing more to learn. */
  get isOver(): boolean {
    return this.#isEmitted;
  }

  /** True once a server hello was read that does not ask for another client hello. */
  get hasServerHello(): boolean {
    return this.#hasServerHello;
  }

  /** True if the version agreed is TLS 1.3 or one of its drafts. */
  get is13(): boolean {
    return this.version === TLS13 || isDraft13(this.version);
  }

  /** True if application data may carry the handshake: in all versions after 1.2, and before one is agreed. */
  get hidesHandshake(): boolean {
    return this.version !== SSL2 && (this.version < SSL3 || this.version > TLS12);
  }

  isClient(fromOriginator: boolean): boolean {
    return fromOriginator !== this.isFlipped;
  }

  /** Reads one handshake message; false if it is broken. */
  message(type: number, body: Uint8Array, fromOriginator: boolean): boolean {
    if (type === CLIENT_HELLO && !fromOriginator && !this.#sawHello) {
      this.isFlipped = true;
      this.#record().ssl_history = '^';
    }
    const isClient = this.isClient(fromOriginator);
    let letter = LETTERS[type] ?? 'z';
    let isSound = true;
    if (type === CLIENT_HELLO) {
      // QUIC tells of the protocols that the client offers, in each of its hellos.
      const hasPrint = this.#transport === 'q' || (this.#connection.wantsOwn && !this.#sawHello);
      const hello = readClientHello(body, this.#transport === 'd', hasPrint);
      isSound = hello !== undefined;
      if (hello) this.#clientHello(hello);
    } else if (type === SERVER_HELLO) {
      const hello = readServerHello(body);
      isSound = hello !== undefined;
      if (hello) this.#serverHello(hello);
      if (hello?.isRetry) letter = 'j';
    } else if (type === CERTIFICATE) isSound = this.#certificates(body, isClient);
    else if (type === SERVER_KEY_EXCHANGE) this.#serverKeyExchange(body);
    else if (type === CLIENT_KEY_EXCHANGE && isClient) this.#sawKeyExchange = true;
    if (isSound) this.note(letter, isClient);
    return isSound;
  }

  /** A hello in SSL 2's layout, which has no handshake messages. */
  clientHello2(): void {
    this.#sawHello = true;
    this.note('c', true);
  }

  /** The answer of a server that speaks SSL 2. */
  serverHello2(cipher: number, certificate: Uint8Array): void {
    const row = this.#record();
    this.version = SSL2;
    row.version = versionName(SSL2);
    row.cipher = cipherName(cipher);
    this.#connection.confirm(SERVICES[this.#transport]);
    this.note('s', false);
    if (certificate.length > 0) this.#chain([certificate], false);
  }

  changeCipherSpec(isClient: boolean): void {
    this.note('i', isClient);
    if (isClient && this.#offersTicket && !this.#sawKeyExchange) this.#record().resumed = true;
    // In TLS 1.3 it means nothing: RFC 8446 appendix D.4.
    if (!this.is13) this.encrypt(isClient);
  }

  alert(isClient: boolean, description: number): void {
    this.note('l', isClient);
    this.#record().last_alert = alertName(description);
  }

  encrypt(isClient: boolean): void {
    this.#isEncrypted[isClient ? 1 : 0] = true;
  }

  isEncrypted(isClient: boolean): boolean {
    return this.#isEncrypted[isClient ? 1 : 0];
  }

  /** A record that cannot be read any more: with both sides encrypted the handshake is complete. */
  ciphertext(): void {
    if (this.#isEncrypted[0] && this.#isEncrypted[1]) this.establish();
  }

  establish(): void {
    this.#record().established = true;
    this.finish();
  }

  /** Emits what is known, once; nothing if no message was seen. */
  finish(): void {
    const row = this.#row;
    if (this.#isEmitted || !row) return;
    this.#isEmitted = true;
    this.#row = undefined;
    this.#connection.emit(row);
  }

  /** Adds a letter to the history: a capital for the client. */
  note(letter: string, isClient: boolean): void {
    const row = this.#record();
    const history = row.ssl_history ?? '';
    if (history.length < MAX_HISTORY) row.ssl_history = history + (isClient ? letter.toUpperCase() : letter);
  }

  #record(): Ssl {
    return this.#row ?? this.#begin();
  }

  #begin(): Ssl {
    const { ts, uid, source_ip, source_port, dest_ip, dest_port } = this.#connection;
    this.#row = {
      kind: 'ssl',
      ts,
      uid,
      source_ip,
      source_port,
      dest_ip,
      dest_port,
      resumed: false,
      established: false,
    };
    return this.#row;
  }

  #clientHello(hello: ClientHello): void {
    const row = this.#record();
    this.clientHello = hello;
    if (hello.serverName !== undefined) row.server_name = hello.serverName;
    // Nothing but zeros is what some clients send for "no session".
    const hasSession = hello.sessionId !== '' && !/^\0{32}$/.test(hello.sessionId);
    if (hasSession) this.#sessionId = hello.sessionId;
    this.#offersTicket = hello.hasTicket && !hasSession;
    if (this.#transport === 'q') this.#connection.confirm(SERVICES.q);
    if (!this.#sawHello && this.#connection.wantsOwn) {
      row.ja3 = ja3(hello);
      row.ja4 = ja4(hello, this.#transport);
    }
    this.#sawHello = true;
  }

  #serverHello(hello: ServerHello): void {
    const row = this.#record();
    this.version = hello.selectedVersion ?? hello.version;
    row.version = versionName(this.version);
    row.cipher = cipherName(hello.cipher);
    if (this.#connection.wantsOwn) row.ja3s = ja3s(hello);
    if (hello.group !== undefined) row.curve = curveName(hello.group);
    if (hello.alpn !== undefined) row.next_protocol = hello.alpn;
    const isSame = this.#sessionId !== '' && this.#sessionId === hello.sessionId;
    if (hello.hasPreSharedKey || (isSame && !this.is13)) row.resumed = true;
    this.#isEcdh = row.cipher.includes('_ECDH');
    this.#hasServerHello = !hello.isRetry;
    this.#connection.confirm(SERVICES[this.#transport]);
  }

  #certificates(body: Uint8Array, isClient: boolean): boolean {
    const chain = readChain(body);
    if (chain) this.#chain(chain, isClient);
    return chain !== undefined;
  }

  #chain(certificates: readonly Uint8Array[], isClient: boolean): void {
    const row = this.#record();
    const name = row.server_name;
    const { fingerprints, first } = announceChain(
      certificates,
      isClient,
      name,
      this.#known,
      this.#connection,
    );
    if (fingerprints.length === 0) return;
    row.cert_chain_fps ??= [];
    row.client_cert_chain_fps ??= [];
    if (isClient) row.client_cert_chain_fps = [...row.client_cert_chain_fps, ...fingerprints];
    else row.cert_chain_fps = [...row.cert_chain_fps, ...fingerprints];
    if (isClient || !first || row.subject !== undefined) return;
    row.subject = first.columns.certificate_subject;
    row.issuer = first.columns.certificate_issuer;
    row.self_signed = row.subject === row.issuer;
    if (name !== undefined)
      row.sni_matches_cert = fitsHostName(name, first.columns.san_dns, first.commonName);
  }

  #serverKeyExchange(body: Uint8Array): void {
    if (!this.#isEcdh || body.length < 3 || body[0] !== NAMED_CURVE) return;
    this.#record().curve = curveName((body[1]! << 8) | body[2]!);
  }
}
