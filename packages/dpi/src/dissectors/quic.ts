/**
 * QUIC: the hellos of TLS in its first packets as ssl records, and what kinds of packets went to and fro. RFC 9000,
 * RFC 9001, RFC 9369; later packets are sealed with keys that only the two ends know. Rows as Zeek's quic.log.
 */
import type { Connection, Dissector, Session } from '../dissector.ts';
import { CryptoStream } from './quic/crypto-stream.ts';
import { QuicHistory } from './quic/history.ts';
import { generationOf, initialKeys, type PacketKeys } from './quic/keys.ts';
import { eachCryptoFrame, type LongPacket, openPacket, readLongPacket } from './quic/packet.ts';
import { Handshake } from './tls/handshake.ts';
import { KnownCertificates } from './x509/known.ts';

/** Packets that are opened of one connection; both hellos come within some 10. */
const MOST_OPENED = 64;
/** Rows of versions that are not known; a client tries few. */
const MOST_UNKNOWN = 8;
/** Discarded packets that are noted, Zeek's limit. */
const MOST_DISCARDED = 100;

const CLIENT_HELLO = 1;
const SERVER_HELLO = 2;

const LONG = 0x80;
/** Set in all packets of QUIC; others share the port. RFC 9000 §17.2. */
const FIXED = 0x40;

class QuicSession implements Session {
  readonly #connection: Connection;
  readonly #handshake: Handshake;
  readonly #history: QuicHistory;
  #keys: [PacketKeys, PacketKeys] | undefined;
  #streams: [CryptoStream, CryptoStream] = [new CryptoStream(), new CryptoStream()];
  #saidHello: [boolean, boolean] = [false, false];
  #tried = 0;
  #opened = 0;
  #unknown = 0;
  #discarded = 0;
  /** Short packets of client and server, and the numbers at which the next letter is due. */
  readonly #short: [number, number] = [0, 0];
  readonly #due: [number, number] = [1, 1];

  constructor(connection: Connection) {
    this.#connection = connection;
    // Certificates are sealed: nothing is ever remembered of them.
    this.#handshake = new Handshake(connection, new KnownCertificates(), 'q');
    this.#history = new QuicHistory(connection);
  }

  get done(): boolean {
    return this.#history.isFull && !this.#mayOpen;
  }

  feed(datagram: Uint8Array, fromOriginator: boolean): number {
    for (let at = 0; at < datagram.length; ) {
      const first = datagram[at]!;
      if ((first & FIXED) === 0) {
        this.#discard(fromOriginator);
        break;
      }
      if ((first & LONG) === 0) {
        this.#countShort(fromOriginator ? 0 : 1);
        break;
      }
      const packet = readLongPacket(datagram, at);
      if (!packet) break;
      if (!this.#long(packet, fromOriginator)) return -1;
      at += packet.bytes.length;
    }
    return datagram.length;
  }

  close(): void {
    this.#handshake.finish();
    this.#history.emit();
  }

  get #mayOpen(): boolean {
    return !this.#handshake.isOver && this.#tried < MOST_OPENED;
  }

  #discard(fromOriginator: boolean): void {
    if (this.#opened > 0 && ++this.#discarded <= MOST_DISCARDED) this.#history.note('x', fromOriginator);
  }

  /** Short packets are noted by powers of two. */
  #countShort(side: 0 | 1): void {
    if (++this.#short[side] < this.#due[side]) return;
    this.#due[side] *= 2;
    this.#history.note('o', side === 0);
  }

  /** Returns false if what the client sent first cannot be QUIC. */
  #long(packet: LongPacket, fromOriginator: boolean): boolean {
    const { kind } = packet;
    if (kind === 'unknown') this.#unknownVersion(packet, fromOriginator);
    else if (kind === 'retry') this.#retry(packet, fromOriginator);
    else {
      this.#history.packet(packet, fromOriginator);
      this.#history.note(kind === 'initial' ? 'i' : kind === 'early' ? 'z' : 'h', fromOriginator);
      if (kind === 'initial' && this.#mayOpen) return this.#initial(packet, fromOriginator);
    }
    return true;
  }

  #unknownVersion(packet: LongPacket, fromOriginator: boolean): void {
    if (++this.#unknown > MOST_UNKNOWN) return;
    if (!this.#history.isOpen) this.#history.packet(packet, fromOriginator);
    this.#history.note('u', fromOriginator);
    this.#history.emit();
  }

  /** The client begins anew, with a connection id that makes other keys. */
  #retry(packet: LongPacket, fromOriginator: boolean): void {
    if (!this.#history.isOpen) this.#history.packet(packet, fromOriginator);
    this.#history.note('r', fromOriginator);
    this.#history.emit();
    this.#keys = undefined;
  }

  #initial(packet: LongPacket, fromOriginator: boolean): boolean {
    this.#tried++;
    const frames = this.#open(packet, fromOriginator);
    if (!frames) return !fromOriginator || this.#opened > 0;
    this.#opened++;
    if (fromOriginator) this.#connection.confirm();
    const stream = this.#streams[fromOriginator ? 0 : 1];
    const isClosed = eachCryptoFrame(frames, (offset, bytes) => stream.add(offset, bytes));
    for (let message = stream.next(); message && this.#mayOpen; message = stream.next()) {
      if (!this.#message(message.type, message.body, fromOriginator)) break;
    }
    // As Zeek has it: whoever sent a hello closes the connection later, where nobody sees it.
    if (isClosed && !this.#saidHello[fromOriginator ? 0 : 1]) {
      this.#history.note('c', fromOriginator);
      this.#history.emit();
    }
    return true;
  }

  #message(type: number, body: Uint8Array, fromOriginator: boolean): boolean {
    if (!this.#handshake.message(type, body, fromOriginator)) return false;
    const hello = this.#handshake.clientHello;
    if (type === CLIENT_HELLO && hello) this.#history.hello(hello.serverName, hello.alpn[0]);
    if (type === CLIENT_HELLO || type === SERVER_HELLO) {
      this.#saidHello[fromOriginator ? 0 : 1] = true;
      this.#history.note('s', fromOriginator);
    }
    if (type === SERVER_HELLO && this.#handshake.hasServerHello) this.#handshake.finish();
    return true;
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
    this.#saidHello = [false, false];
    return opened;
  }
}

const PORTS: readonly number[] = [443, 853, 784, 8853];

export const quic: Dissector = {
  name: 'quic',
  transports: ['udp'],
  ports: PORTS,
  begins: (first) => first >= 0xc0,
  probe(bytes, fromOriginator, destPort) {
    if (bytes.length < 7 || (bytes[0]! & 0xc0) !== 0xc0) return 0;
    const packet = readLongPacket(bytes, 0);
    if (!packet || packet.kind === 'retry') return 0;
    if (packet.kind === 'unknown') return fromOriginator && PORTS.includes(destPort) ? 0.2 : 0;
    return fromOriginator && packet.kind !== 'handshake' ? 0.9 : 0.3;
  },
  open: (connection) => new QuicSession(connection),
};
