/**
 * The outline of a packet: where its headers lie and what names its flow, without any state, for what has to judge
 * packets before they are dissected. IPv4 (RFC 791), IPv6 (RFC 8200), TCP (RFC 9293), UDP (RFC 768).
 */
import { isMappedV4 } from '@thymus/core';
import { findNetworkLayer, IPV4, IPV6 } from '../layers/link.ts';
import { Packet } from '../layers/packet.ts';
import {
  DEEPEST_TUNNEL,
  enterDatagram,
  enterProtocol,
  GENEVE,
  INSIDE,
  NO_TUNNEL,
  tunnelOfPort,
  tunnelOfProtocol,
  VXLAN,
} from '../layers/tunnels.ts';

export const TCP = 6;
export const UDP = 17;
const FRAGMENT = 44;
/** Extension headers that are followed; with more, the packet is taken to end there. */
const MOST_EXTENSIONS = 8;

/** What is odd about a packet is for the engine to tell. */
const unheard = (): void => undefined;

const u16 = (b: Uint8Array, at: number): number => (b[at]! << 8) | b[at + 1]!;

/** One object, filled anew for every packet. Positions count within the bytes that were given. */
export class Outline {
  bytes: Uint8Array = new Uint8Array(0);
  /** True if the frame holds an IP packet whose headers were captured; else only `bytes` and `vlan` are set. */
  isIp = false;
  isV6 = false;
  /** Outer VLAN tag, 0 = none. */
  vlan = 0;
  netAt = 0;
  /** Where the source and the destination address stand, and how long each is. */
  sourceAt = 0;
  destAt = 0;
  addressSize = 4;
  proto = 0;
  /** True for any part of a fragmented packet but the first. */
  isLaterFragment = false;
  transportAt = 0;
  /** Where the payload of TCP or UDP starts; `transportAt` for others. */
  payloadAt = 0;
  /** Where the captured bytes of the IP packet end, padding left out. */
  end = 0;
  /** 0 where there are none. */
  sourcePort = 0;
  destPort = 0;

  readonly #packet = new Packet();
  readonly #entersTunnels: boolean;

  /** `entersTunnels`: gives the outline of the innermost packet, not of the outermost. */
  constructor(entersTunnels = false) {
    this.#entersTunnels = entersTunnels;
  }

  read(bytes: Uint8Array, offset: number, caplen: number, linktype: number): boolean {
    const p = this.#packet;
    p.bytes = bytes;
    p.frame = bytes;
    p.end = offset + caplen;
    p.cut = 0;
    this.bytes = bytes;
    findNetworkLayer(p, offset, linktype);
    this.vlan = p.vlan;
    this.isIp = this.#readIp(p);
    if (this.isIp && this.#entersTunnels) this.#descend(p);
    return this.isIp;
  }

  #descend(p: Packet): void {
    for (let depth = 0; depth < DEEPEST_TUNNEL && this.#enter(p); depth++) {
      if (this.#readIp(p)) continue;
      // What is no IP packet inside is judged by the packet around it, whose fields were not touched.
      return;
    }
  }

  #enter(p: Packet): boolean {
    if (this.isLaterFragment) return false;
    p.at = this.transportAt;
    p.ipProto = this.proto;
    p.dstPort = this.destPort;
    p.length = this.end - this.transportAt;
    p.captured = p.length;
    if (this.proto !== UDP) {
      const kind = tunnelOfProtocol(this.proto);
      return kind !== NO_TUNNEL && enterProtocol(p, kind, unheard) === INSIDE;
    }
    const kind = tunnelOfPort(this.destPort);
    return (kind === VXLAN || kind === GENEVE) && enterDatagram(p, kind, unheard) === INSIDE;
  }

  #readIp(p: Packet): boolean {
    const captured = p.end - p.netAt;
    if (p.etherType === IPV4) return captured >= 20 && this.#readV4(p, captured);
    return p.etherType === IPV6 && captured >= 40 && this.#readV6(p, captured);
  }

  #readV4(p: Packet, captured: number): boolean {
    const { bytes: b, netAt: at } = p;
    const header = (b[at]! & 15) << 2;
    if (header < 20 || header > captured) return false;
    const total = u16(b, at + 2);
    this.isV6 = false;
    this.netAt = at;
    this.sourceAt = at + 12;
    this.destAt = at + 16;
    this.addressSize = 4;
    this.isLaterFragment = (u16(b, at + 6) & 0x1fff) !== 0;
    // Segmentation offload leaves the length to the network card.
    this.end = total < header ? p.end : Math.min(p.end, at + total);
    this.#readTransport(b, at + header, b[at + 9]!);
    return true;
  }

  #readV6(p: Packet, captured: number): boolean {
    const { bytes: b, netAt: at } = p;
    this.isV6 = true;
    this.netAt = at;
    this.sourceAt = at + 8;
    this.destAt = at + 24;
    this.addressSize = 16;
    this.isLaterFragment = false;
    this.end = at + Math.min(captured, 40 + u16(b, at + 4));
    let next = b[at + 6]!;
    let position = at + 40;
    for (let i = 0; i < MOST_EXTENSIONS && isExtension(next) && this.end - position >= 8; i++) {
      if (next === FRAGMENT) this.isLaterFragment = u16(b, position + 2) >> 3 !== 0;
      const length = next === FRAGMENT ? 8 : (b[position + 1]! + 1) << 3;
      next = b[position]!;
      position += length;
      if (this.isLaterFragment) break;
    }
    this.#readTransport(b, Math.min(position, this.end), next);
    return true;
  }

  #readTransport(b: Uint8Array, at: number, proto: number): void {
    this.proto = proto;
    this.transportAt = at;
    this.payloadAt = at;
    this.sourcePort = 0;
    this.destPort = 0;
    const least = proto === TCP ? 20 : proto === UDP ? 8 : -1;
    if (least < 0 || this.isLaterFragment || this.end - at < least) return;
    this.sourcePort = u16(b, at);
    this.destPort = u16(b, at + 2);
    const header = proto === TCP ? Math.max(20, (b[at + 12]! >> 4) << 2) : 8;
    this.payloadAt = Math.min(this.end, at + header);
  }
}

/** Hop-by-hop, routing, fragment and destination options. */
const isExtension = (proto: number): boolean =>
  proto === 0 || proto === 43 || proto === FRAGMENT || proto === 60;

/** The 16 bytes of the address at `at`, IPv4 mapped. */
export function mappedAddress(b: Uint8Array, at: number, size: number): Uint8Array {
  if (size === 16) return b.slice(at, at + 16);
  const mapped = new Uint8Array(16);
  mapped[10] = 0xff;
  mapped[11] = 0xff;
  mapped.set(b.subarray(at, at + 4), 12);
  return mapped;
}

/** True if the address at `at` is the one whose mapped 16 bytes are given. */
export function isAddress(b: Uint8Array, at: number, size: number, mapped: Uint8Array): boolean {
  if (size === 4 && !isMappedV4(mapped)) return false;
  for (let i = 0; i < size; i++) if (b[at + i] !== mapped[16 - size + i]) return false;
  return true;
}
