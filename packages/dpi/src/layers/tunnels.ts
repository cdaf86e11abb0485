/**
 * Packets within packets: VXLAN (RFC 7348), GENEVE (RFC 8926), GRE (RFC 2784, RFC 2890, RFC 2637) with ERSPAN types I
 * to III, IP in IP (RFC 2003, RFC 4213). Each finds the inner packet and sets the network layer to it.
 */
import { findNetworkLayer, IPV4, IPV6 } from './link.ts';
import type { Packet } from './packet.ts';

export const VXLAN_PORT = 4789;
export const GENEVE_PORT = 6081;
export const GRE = 47;
const IP_IN_IP = 4;
const IPV6_IN_IP = 41;
const ETHERNET = 1;
const PPP = 9;
const BRIDGED = 0x6558;

/** Tunnels within tunnels that are followed, as in Zeek. */
export const DEEPEST_TUNNEL = 2;

const u16 = (b: Uint8Array, at: number): number => (b[at]! << 8) | b[at + 1]!;

export const isTunnelProtocol = (proto: number): boolean =>
  proto === GRE || proto === IP_IN_IP || proto === IPV6_IN_IP;

/** Enters an IP protocol that carries packets; false if there is none inside. */
export function enterProtocol(p: Packet): boolean {
  const end = p.at + Math.min(p.length, p.captured);
  if (p.ipProto === GRE) return enterGre(p, p.at, end);
  return enter(p, p.ipProto === IP_IN_IP ? IPV4 : IPV6, p.at, end);
}

/** Enters a UDP payload on a tunnel port; false if it is no tunnel. */
export function enterDatagram(p: Packet): boolean {
  const end = p.at + Math.min(p.length, p.captured);
  return p.dstPort === VXLAN_PORT ? enterVxlan(p, p.at + 8, end) : enterGeneve(p, p.at + 8, end);
}

/** The name of the tunnel on a UDP port, empty for none. */
export const tunnelName = (port: number): string =>
  port === VXLAN_PORT ? 'vxlan' : port === GENEVE_PORT ? 'geneve' : '';

function enterVxlan(p: Packet, at: number, end: number): boolean {
  if (end - at < 8 || (p.bytes[at]! & 0x08) === 0) return false;
  return enter(p, BRIDGED, at + 8, end);
}

function enterGeneve(p: Packet, at: number, end: number): boolean {
  const b = p.bytes;
  if (end - at < 8 || b[at]! >> 6 !== 0) return false;
  const header = 8 + ((b[at]! & 0x3f) << 2);
  return header <= end - at && enter(p, u16(b, at + 2), at + header, end);
}

function enterGre(p: Packet, at: number, end: number): boolean {
  const b = p.bytes;
  if (end - at < 4) return false;
  const flags = u16(b, at);
  const type = u16(b, at + 2);
  const hasSequence = (flags & 0x1000) !== 0;
  let header =
    4 + ((flags & 0xc000) !== 0 ? 4 : 0) + ((flags & 0x2000) !== 0 ? 4 : 0) + (hasSequence ? 4 : 0);
  if ((flags & 7) === 1) {
    header += (flags & 0x80) !== 0 ? 4 : 0;
    return enter(p, type, at + header, end);
  }
  if (type === 0x88be) header += hasSequence ? 8 : 0;
  else if (type === 0x22eb) header += end - at > header + 11 && (b[at + header + 11]! & 1) === 1 ? 20 : 12;
  return enter(p, type, at + header, end);
}

/** Sets the packet to the inner one of the given EtherType, or frame. */
function enter(p: Packet, type: number, at: number, end: number): boolean {
  if (at >= end) return false;
  // What the outer packet lacks, the inner one lacks too; what pads the outer frame belongs to neither.
  p.cut = Math.max(0, p.length - p.captured);
  p.end = end;
  p.frame = p.bytes;
  if (type === BRIDGED || type === 0x88be || type === 0x22eb) {
    if (end - at < 14) return false;
    findNetworkLayer(p, at, ETHERNET);
    return true;
  }
  if (type === 0x880b) {
    findNetworkLayer(p, at, PPP);
    return true;
  }
  p.netAt = at;
  p.etherType = type;
  p.oddity = '';
  return type === IPV4 || type === IPV6;
}
