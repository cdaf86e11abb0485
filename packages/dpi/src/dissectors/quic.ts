/**
 * QUIC: the hellos of TLS in its first packets, as ssl records. RFC 9000, RFC 9001; later packets are sealed with keys
 * that only the two ends know.
 */
import type { Connection, Dissector, Session } from '../dissector.ts';
import { CryptoStream } from './quic/crypto-stream.ts';
import { generationOf, initialKeys, type PacketKeys } from './quic/keys.ts';
import { eachCryptoFrame, type LongPacket, openPacket, readLongPacket } from './quic/packet.ts';
import { Handshake } from './tls/handshake.ts';
import { KnownCertificates } from './x509/known.ts';

/** Packets that are opened of one connection; both hellos come within some 10. */
const MOST_OPENED = 64;

const SERVER_HELLO = 2;

class QuicSession implements Session {
  readonly #connection: Connection;
  readonly #handshake: Handshake;
  #keys: [PacketKeys, PacketKeys] | undefined;
  #streams: [CryptoStream, CryptoStream] = [new CryptoStream(), new CryptoStream()];
  #opened = 0;

  constructor(connection: Connection) {
    this.#connection = connection;
    // Certificates are sealed: nothing is ever remembered of them.
    this.#handshake = new Handshake(connection, new KnownCertificates(), 'q');
  }

  get done(): boolean {
    return this.#handshake.isOver || this.#opened >= MOST_OPENED;
  }

  feed(datagram: Uint8Array, fromOriginator: boolean): number {
    for (let at = 0; at < datagram.length && !this.done; ) {
      const packet = readLongPacket(datagram, at);
      if (!packet) break;
      if (packet.kind === 'initial') this.#initial(packet, fromOriginator);
      at += packet.bytes.length;
    }
    return datagram.length;
  }

  close(): void {
    this.#handshake.finish();
  }

  #initial(packet: LongPacket, fromOriginator: boolean): void {
    this.#opened++;
    const frames = this.#open(packet, fromOriginator);
    if (!frames) return;
    if (fromOriginator) this.#connection.confirm();
    const stream = this.#streams[fromOriginator ? 0 : 1];
    eachCryptoFrame(frames, (offset, bytes) => stream.add(offset, bytes));
    for (let message = stream.next(); message && !this.done; message = stream.next()) {
      if (!this.#handshake.message(message.type, message.body, fromOriginator)) break;
      if (message.type === SERVER_HELLO && this.#handshake.hasServerHello) this.#handshake.finish();
    }
  }

  /** Opens a packet with the keys in use; a client's also with those of its own connection id, as after a retry. */
  #open(packet: LongPacket, fromOriginator: boolean): Uint8Array | undefined {
    const frames = this.#keys && openPacket(packet, this.#keys[fromOriginator ? 0 : 1]);
    const generation = generationOf(packet.version);
    if (frames || !fromOriginator || !generation) return frames;
    const keys = initialKeys(generation, packet.destination);
    const opened = openPacket(packet, keys[0]);
    if (!opened) return undefined;
    this.#keys = keys;
    this.#streams = [new CryptoStream(), new CryptoStream()];
    return opened;
  }
}

export const quic: Dissector = {
  name: 'quic',
  transports: ['udp'],
  ports: [443, 853, 784, 8853],
  begins: (first) => first >= 0xc0,
  probe(bytes, fromOriginator) {
    if (bytes.length < 20 || (bytes[0]! & 0xc0) !== 0xc0) return 0;
    const packet = readLongPacket(bytes, 0);
    if (!packet || packet.kind === 'retry') return 0;
    return fromOriginator && packet.kind !== 'handshake' ? 0.9 : 0.3;
  },
  open: (connection) => new QuicSession(connection),
};
