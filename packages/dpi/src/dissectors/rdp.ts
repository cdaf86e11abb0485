/** RDP: who connects with what, and how it is secured; TLS takes over where both agree on it. MS-RDPBCGR §1.3.1. */
import { type Rdp, Reader } from '@thymus/core';
import type { Connection, Dissector, Session } from '../dissector.ts';
import { latin1Text } from '../text.ts';
import {
  buildName,
  failureName,
  keyboardName,
  levelName,
  methodName,
  protocolName,
  resultName,
} from './rdp/names.ts';
import { readClientSettings, readServerSettings } from './rdp/settings.ts';
import { announceChain } from './tls/certificates.ts';
import { KnownCertificates } from './x509/known.ts';

/** Bytes of a packet's frame (RFC 1006 §6) and least bytes of what it holds. */
const FRAME = 4;
const LEAST_PACKET = 7;

/** Kinds of packets, X.224 §13. */
const CONNECT_REQUEST = 0xe0;
const CONNECT_CONFIRM = 0xd0;
const DATA = 0xf0;

const NEGOTIATED = 2;
const REFUSED = 3;
const RDP_SECURITY = 0;

/** Tags of the conference messages, T.125 §7. */
const CONNECT_INITIAL = 0x7f65;
const CONNECT_RESPONSE = 0x7f66;

const COOKIE = 'Cookie: mstshash=';

class RdpSession implements Session {
  done = false;
  readonly #connection: Connection;
  readonly #known: KnownCertificates;
  #row: Rdp | undefined;

  constructor(connection: Connection, known: KnownCertificates) {
    this.#connection = connection;
    this.#known = known;
  }

  feed(bytes: Uint8Array): number {
    let at = 0;
    while (!this.done && bytes.length - at >= FRAME) {
      const length = (bytes[at + 2]! << 8) | bytes[at + 3]!;
      if (bytes[at] !== 3 || length < LEAST_PACKET) return this.#break();
      if (bytes.length - at < length) break;
      this.#packet(bytes.subarray(at + FRAME, at + length));
      at += length;
    }
    return at;
  }

  gap(): void {
    this.#finish();
  }

  close(): void {
    this.#finish();
  }

  #packet(bytes: Uint8Array): void {
    const kind = bytes[1]! & 0xf0;
    if (kind === CONNECT_REQUEST) this.#request(bytes);
    else if (kind === CONNECT_CONFIRM) this.#confirm(bytes);
    else if (kind === DATA) this.#data(bytes.subarray(3));
  }

  #request(bytes: Uint8Array): void {
    const text = latin1Text(bytes, 7, Math.max(7, Math.min(bytes.length, 512)));
    const row = this.#record();
    const end = text.indexOf('\r\n');
    row.cookie = text.startsWith(COOKIE) && end > 0 ? text.slice(COOKIE.length, end) : '';
  }

  #confirm(bytes: Uint8Array): void {
    const r = new Reader(bytes, 7);
    const type = r.u8();
    r.skip(3);
    const value = r.u32le();
    this.#connection.confirm();
    if (r.bad) return;
    const row = this.#record();
    if (type === REFUSED) row.result = failureName(value);
    if (type !== NEGOTIATED) return;
    row.security_protocol = protocolName(value);
    if (value === RDP_SECURITY) return;
    row.result = 'encrypted';
    this.#finish();
    this.#connection.handOver('ssl');
  }

  #data(bytes: Uint8Array): void {
    const tag = bytes.length < 2 ? 0 : (bytes[0]! << 8) | bytes[1]!;
    if (tag === CONNECT_INITIAL) this.#client(bytes);
    else if (tag === CONNECT_RESPONSE) this.#server(bytes);
  }

  #client(bytes: Uint8Array): void {
    const { width, height, keyboard, build, name, productId, colorDepth, channels } =
      readClientSettings(bytes);
    const row = this.#record();
    if (width !== undefined) row.desktop_width = width;
    if (height !== undefined) row.desktop_height = height;
    if (keyboard !== undefined) row.keyboard_layout = keyboardName(keyboard);
    if (build !== undefined) row.client_build = buildName(build);
    if (name !== undefined) row.client_name = name;
    if (productId !== undefined) row.client_dig_product_id = productId;
    if (colorDepth !== undefined) row.requested_color_depth = colorDepth;
    if (channels !== undefined) row.client_channels = channels;
  }

  /** The settings of the server: what follows is encrypted. */
  #server(bytes: Uint8Array): void {
    const { method, level, certificateType, isPermanent, certificates } = readServerSettings(bytes);
    const row = this.#record();
    // 0a 01 is the result of the connection, an enumeration: T.125 §7.
    const result = bytes.indexOf(0x0a, 2);
    row.result = resultName(result > 0 ? (bytes[result + 2] ?? 0) : 0);
    if (method !== undefined) row.encryption_method = methodName(method);
    if (level !== undefined) row.encryption_level = levelName(level);
    if (certificateType !== undefined) row.cert_type = certificateType === 2 ? 'X.509' : 'RSA';
    if (isPermanent !== undefined) row.cert_permanent = isPermanent;
    row.cert_count = certificateType === 1 ? 1 : certificates.length;
    // Each of them stands for the host: a licence server's chain is no chain of trust.
    for (const certificate of certificates) {
      announceChain([certificate], false, undefined, this.#known, this.#connection, 'RDP');
    }
    this.#finish();
  }

  #record(): Rdp {
    const { ts, uid, source_ip, source_port, dest_ip, dest_port } = this.#connection;
    this.#row ??= { kind: 'rdp', ts, uid, source_ip, source_port, dest_ip, dest_port, cert_count: 0 };
    return this.#row;
  }

  #finish(): void {
    if (!this.done && this.#row) this.#connection.emit(this.#row);
    this.done = true;
  }

  #break(): number {
    this.#finish();
    return -1;
  }
}

const withKnown = (known: KnownCertificates): Dissector => ({
  name: 'rdp',
  transports: ['tcp'],
  ports: [3389],
  begins: (first) => first === 3,
  probe(bytes, _, destPort) {
    if (bytes.length < 11) return bytes.length === 0 || bytes[0] === 3 ? -1 : 0;
    const isFramed = bytes[0] === 3 && bytes[1] === 0 && bytes[4]! + 5 === ((bytes[2]! << 8) | bytes[3]!);
    const isConnect = (bytes[5] === CONNECT_REQUEST || bytes[5] === CONNECT_CONFIRM) && bytes[10] === 0;
    if (!isFramed || !isConnect) return 0;
    // S7 and others begin with the same packets; a cookie or a negotiation is RDP's own.
    const hasCookie = latin1Text(bytes, 11, Math.min(bytes.length, 11 + COOKIE.length)) === COOKIE;
    const negotiates = bytes[11]! >= 1 && bytes[11]! <= REFUSED && bytes[13] === 8 && bytes[14] === 0;
    return hasCookie || negotiates ? 1 : destPort === 3389 ? 0.5 : 0;
  },
  open: (connection) => new RdpSession(connection, known),
  create: () => withKnown(new KnownCertificates()),
});

export const rdp: Dissector = withKnown(new KnownCertificates());
