/** Ethernet frames with IPv4 and TCP or UDP inside, with right checksums. RFC 791, 9293, 768. */
import type { PacketPile } from './packet-pile.ts';

export interface End {
  ip: string;
  mac: string;
  port: number;
}

export const SYN = 2;
export const RST = 4;
export const PSH = 8;
export const ACK = 16;
export const FIN = 1;

const ETHERNET_HEADER = 14;
const IP_HEADER = 20;
const EMPTY = Buffer.alloc(0);
/** MSS 1400, SACK permitted, window scale 7: what a SYN carries. */
const SYN_OPTIONS = Buffer.from('02040578040201030307', 'hex');

/** Writes the frames of one connection; `isUp` = from the originator. */
export class FrameWriter {
  readonly #pile: PacketPile;
  readonly #macs: [Buffer, Buffer];
  readonly #ips: [Buffer, Buffer];
  readonly #ports: [number, number];
  #id: number;

  constructor(pile: PacketPile, originator: End, responder: End, id: number) {
    this.#pile = pile;
    this.#macs = [macBytes(originator.mac), macBytes(responder.mac)];
    this.#ips = [ipBytes(originator.ip), ipBytes(responder.ip)];
    this.#ports = [originator.port, responder.port];
    this.#id = id;
  }

  tcp(ts: number, isUp: boolean, flags: number, seq: number, ack: number, payload: Buffer = EMPTY): void {
    const options = flags & SYN ? 12 : 0;
    const b = this.#pile.bytes;
    const at = this.#head(isUp, 6, 20 + options + payload.length);
    b.writeUInt32BE(seq >>> 0, at + 4);
    b.writeUInt32BE(flags & ACK ? ack >>> 0 : 0, at + 8);
    b.writeUInt16BE((((20 + options) / 4) << 12) | flags, at + 12);
    b.writeUInt32BE(0xffff0000, at + 14);
    b.writeUInt16BE(0, at + 18);
    if (options) {
      b.fill(0, at + 20, at + 32);
      SYN_OPTIONS.copy(b, at + 20);
    }
    payload.copy(b, at + 20 + options);
    this.#close(at, 16, 6, 20 + options + payload.length, ts);
  }

  udp(ts: number, isUp: boolean, payload: Buffer): void {
    const b = this.#pile.bytes;
    const at = this.#head(isUp, 17, 8 + payload.length);
    b.writeUInt16BE(8 + payload.length, at + 4);
    b.writeUInt16BE(0, at + 6);
    payload.copy(b, at + 8);
    this.#close(at, 6, 17, 8 + payload.length, ts);
  }

  /** Everything up to the ports; returns where the transport begins. */
  #head(isUp: boolean, protocol: number, length: number): number {
    const b = this.#pile.bytes;
    const start = this.#pile.at;
    const [from, to] = isUp ? [0, 1] : [1, 0];
    this.#macs[to]!.copy(b, start);
    this.#macs[from]!.copy(b, start + 6);
    b.writeUInt16BE(0x0800, start + 12);
    const ip = start + ETHERNET_HEADER;
    b.writeUInt16BE(0x4500, ip);
    b.writeUInt16BE(IP_HEADER + length, ip + 2);
    b.writeUInt16BE(this.#id++ & 0xffff, ip + 4);
    b.writeUInt16BE(0x4000, ip + 6);
    b.writeUInt16BE((64 << 8) | protocol, ip + 8);
    b.writeUInt16BE(0, ip + 10);
    this.#ips[from]!.copy(b, ip + 12);
    this.#ips[to]!.copy(b, ip + 16);
    b.writeUInt16BE(checksum(b, ip, ip + IP_HEADER, 0), ip + 10);
    const at = ip + IP_HEADER;
    b.writeUInt16BE(this.#ports[from]!, at);
    b.writeUInt16BE(this.#ports[to]!, at + 2);
    return at;
  }

  #close(at: number, sumAt: number, protocol: number, length: number, ts: number): void {
    const b = this.#pile.bytes;
    const pseudo = sumWords(b, at - 8, at, protocol + length);
    b.writeUInt16BE(checksum(b, at, at + length, pseudo) || 0xffff, at + sumAt);
    const start = this.#pile.at;
    this.#pile.at = at + length;
    this.#pile.end(start, ts);
  }
}

function sumWords(b: Buffer, from: number, to: number, initial: number): number {
  let sum = initial;
  for (let i = from; i + 1 < to; i += 2) sum += (b[i]! << 8) | b[i + 1]!;
  return (to - from) % 2 === 0 ? sum : sum + (b[to - 1]! << 8);
}

/** The internet checksum. RFC 1071. */
function checksum(b: Buffer, from: number, to: number, initial: number): number {
  let sum = sumWords(b, from, to, initial);
  while (sum > 0xffff) sum = (sum & 0xffff) + Math.floor(sum / 65_536);
  return ~sum & 0xffff;
}

const ipBytes = (text: string): Buffer => Buffer.from(text.split('.').map(Number));
const macBytes = (text: string): Buffer => Buffer.from(text.replaceAll(':', ''), 'hex');
