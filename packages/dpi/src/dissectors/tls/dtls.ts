/** TLS over UDP: DTLS's records and the fragments of its handshake messages. RFC 6347 §4. */
import type { Connection, Session } from '../../dissector.ts';
import type { KnownCertificates } from '../x509/known.ts';
import { Handshake } from './handshake.ts';
import { DTLS10, DTLS12 } from './names.ts';
import { ALERT, APPLICATION_DATA, CHANGE_CIPHER_SPEC, HANDSHAKE, HEARTBEAT, MAX_MESSAGE } from './tls.ts';

const HEADER = 13;
const MESSAGE_HEADER = 12;

/** Size of the record at `at`, or 0 if there is none that lies within the datagram. */
function recordSize(bytes: Uint8Array, at: number): number {
  if (bytes.length - at < HEADER) return 0;
  const version = (bytes[at + 1]! << 8) | bytes[at + 2]!;
  const type = bytes[at]!;
  if ((version !== DTLS10 && version !== DTLS12) || type < CHANGE_CIPHER_SPEC || type > HEARTBEAT) return 0;
  const size = HEADER + ((bytes[at + 11]! << 8) | bytes[at + 12]!);
  return at + size <= bytes.length ? size : 0;
}

/** How likely a datagram is DTLS: a record with a hello, a request to verify one, or any record that fits exactly. */
export function probeDtls(bytes: Uint8Array): number {
  const size = recordSize(bytes, 0);
  if (size === 0) return 0;
  if (bytes[0] === HANDSHAKE) return bytes[HEADER]! >= 1 && bytes[HEADER]! <= 3 ? 1 : 0.7;
  return size === bytes.length ? 0.4 : 0;
}

/** One handshake message of which not all fragments were seen. Fragments are taken in order; others come again. */
interface Partial {
  readonly sequence: number;
  readonly body: Uint8Array;
  filled: number;
}

export class DtlsSession implements Session {
  readonly #handshake: Handshake;
  readonly #partial: [Partial | undefined, Partial | undefined] = [undefined, undefined];

  constructor(connection: Connection, known: KnownCertificates) {
    this.#handshake = new Handshake(connection, known, 'd');
  }

  get done(): boolean {
    return this.#handshake.isOver;
  }

  /** What is no DTLS (STUN, media) may share the connection and is passed over. */
  feed(bytes: Uint8Array, fromOriginator: boolean): number {
    for (let at = 0; !this.done; ) {
      const size = recordSize(bytes, at);
      if (size === 0) break;
      this.#read(bytes[at]!, bytes.subarray(at + HEADER, at + size), fromOriginator);
      at += size;
    }
    return bytes.length;
  }

  close(): void {
    this.#handshake.finish();
  }

  #read(type: number, body: Uint8Array, fromOriginator: boolean): void {
    const handshake = this.#handshake;
    const isClient = handshake.isClient(fromOriginator);
    if (handshake.isEncrypted(isClient)) handshake.ciphertext();
    else if (type === HANDSHAKE) this.#fragment(body, fromOriginator);
    else if (type === CHANGE_CIPHER_SPEC) handshake.changeCipherSpec(isClient);
    else if (type === ALERT && body.length === 2) handshake.alert(isClient, body[1]!);
    else if (type === HEARTBEAT) handshake.note('b', isClient);
    else if (type === APPLICATION_DATA && handshake.is13) handshake.encrypt(isClient);
  }

  #fragment(bytes: Uint8Array, fromOriginator: boolean): void {
    for (let at = 0; bytes.length - at >= MESSAGE_HEADER; ) {
      const u24 = (offset: number) =>
        (bytes[at + offset]! << 16) | (bytes[at + offset + 1]! << 8) | bytes[at + offset + 2]!;
      const [length, from, size] = [u24(1), u24(6), u24(9)];
      const sequence = (bytes[at + 4]! << 8) | bytes[at + 5]!;
      const body = bytes.subarray(at + MESSAGE_HEADER, at + MESSAGE_HEADER + size);
      if (length > MAX_MESSAGE || from + size > length || body.length < size) return;
      const message = size === length ? body : this.#join(sequence, length, from, body, fromOriginator);
      if (message) this.#handshake.message(bytes[at]!, message, fromOriginator);
      at += MESSAGE_HEADER + size;
    }
  }

  #join(
    sequence: number,
    length: number,
    from: number,
    body: Uint8Array,
    fromOriginator: boolean,
  ): Uint8Array | undefined {
    const side = fromOriginator ? 1 : 0;
    let partial = this.#partial[side];
    if (partial?.sequence !== sequence || partial.body.length !== length) {
      if (from !== 0) return undefined;
      partial = { sequence, body: new Uint8Array(length), filled: 0 };
      this.#partial[side] = partial;
    }
    if (from > partial.filled) return undefined;
    partial.body.set(body, from);
    partial.filled = Math.max(partial.filled, from + body.length);
    if (partial.filled < length) return undefined;
    this.#partial[side] = undefined;
    return partial.body;
  }
}
