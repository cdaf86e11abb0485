/**
 * Packets within packets: VXLAN (RFC 7348), GENEVE (RFC 8926), GTP-U version 1 (3GPP TS 29.281), Teredo (RFC 4380),
 * AYIYA (draft-massar-v6ops-ayiya), GRE with what it carries, IP in IP (RFC 2003, RFC 2473, RFC 4213). Each finds the
 * inner packet and sets the network layer to it.
 */
import { readGre } from './gre.ts';
import { checkInner, enterFrame, enterIp, version } from './inner.ts';
import type { PacketWeird } from './ip.ts';
import { IPV4, IPV6 } from './link.ts';
import type { Packet } from './packet.ts';
import { BUBBLE, FILLED_BUBBLE, looksLikeTeredo, readTeredo } from './teredo.ts';

/** Nothing is known; what it carries is known not to be packets. */
export const NO_TUNNEL = 0;
export const NOT_A_TUNNEL = -1;

export const IP_IN_IP = 1;
export const GRE = 2;
export const VXLAN = 3;
export const GENEVE = 4;
export const GTP = 5;
export const TEREDO = 6;
export const AYIYA = 7;

/** Names of the kinds, as Zeek's tunnel.log has them. */
export const TUNNEL_TYPES = [
  '',
  'Tunnel::IP',
  'Tunnel::GRE',
  'Tunnel::VXLAN',
  'Tunnel::GENEVE',
  'Tunnel::GTPv1',
  'Tunnel::TEREDO',
  'Tunnel::AYIYA',
] as const;

/** Names of the kinds as services of the connection around; those over IP itself have none. */
export const TUNNEL_SERVICES = ['', '', '', 'vxlan', 'geneve', 'gtpv1', 'teredo', 'ayiya'] as const;

/** Tunnels within tunnels that are followed, as in Zeek. */
export const DEEPEST_TUNNEL = 4;

const VXLAN_PORT = 4789;
const GENEVE_PORT = 6081;
const GTP_PORT = 2152;
const TEREDO_PORT = 3544;
const AYIYA_PORT = 5072;
/** GRE in UDP, RFC 8086. */
export const GRE_PORT = 4754;
export const GRE_PROTOCOL = 47;
const IPV4_PROTOCOL = 4;
const IPV6_PROTOCOL = 41;
const G_PDU = 255;
const BRIDGED = 0x6558;

/** What became of a look into a packet. */
export const OUTSIDE = 0;
/** The packet is the inner one now. */
export const INSIDE = 1;
/** The tunnel is certain, but this packet carries nothing that could be read. */
export const EMPTY = 2;
/** Not a tunnel of this kind. */
export const BROKEN = 3;
/** As EMPTY: a bubble of Teredo that has something behind it. */
export const ODD_BUBBLE = 4;

const u16 = (b: Uint8Array, at: number): number => (b[at]! << 8) | b[at + 1]!;

/** The kind of tunnel that an IP protocol is, NO_TUNNEL for the rest. */
export const tunnelOfProtocol = (proto: number): number =>
  proto === GRE_PROTOCOL ? GRE : proto === IPV4_PROTOCOL || proto === IPV6_PROTOCOL ? IP_IN_IP : NO_TUNNEL;

/** The kind of tunnel that a UDP port stands for; a datagram must still prove it. */
export function tunnelOfPort(port: number): number {
  switch (port) {
    case VXLAN_PORT:
      return VXLAN;
    case GENEVE_PORT:
      return GENEVE;
    case GTP_PORT:
      return GTP;
    case TEREDO_PORT:
      return TEREDO;
    case AYIYA_PORT:
      return AYIYA;
    default:
      return NO_TUNNEL;
  }
}

/** The kind of tunnel that a UDP payload looks like on a port that tells nothing. */
export function tunnelOfPayload(b: Uint8Array, from: number, to: number): number {
  if (b[from + 1] === 0x52 && b[from + 2] === 0x11 && to - from >= 8) return AYIYA;
  return looksLikeTeredo(b, from, to) ? TEREDO : NO_TUNNEL;
}

/** Looks into a UDP payload that may be a tunnel. */
export function enterDatagram(p: Packet, kind: number, weird: PacketWeird): number {
  const from = p.at + 8;
  const to = p.at + Math.min(p.length, p.captured);
  switch (kind) {
    case VXLAN:
      return enterVxlan(p, from, to, weird);
    case GENEVE:
      return enterGeneve(p, from, to, weird);
    case GTP:
      return enterGtp(p, from, to);
    case TEREDO:
      return enterTeredo(p, from, to);
    default:
      return enterAyiya(p, from, to, weird);
  }
}

/** True if a UDP payload begins with a plain GRE header and the type of something that can be read. */
export function isGre(b: Uint8Array, from: number, to: number): boolean {
  if (to - from < 24 || (u16(b, from) & 0x4fff) !== 0) return false;
  const type = u16(b, from + 2);
  return type === IPV4 || type === IPV6 || type === BRIDGED;
}

/** Looks into an IP protocol that carries packets. */
export function enterProtocol(p: Packet, kind: number, weird: PacketWeird): number {
  const to = p.at + Math.min(p.length, p.captured);
  if (kind === GRE) return readGre(p, p.at, to, weird) ? INSIDE : BROKEN;
  const type = p.ipProto === IPV4_PROTOCOL ? IPV4 : IPV6;
  if (!checkInner(p, type, p.at, to, weird)) return BROKEN;
  enterIp(p, type, p.at, to);
  return INSIDE;
}

function enterVxlan(p: Packet, from: number, to: number, weird: PacketWeird): number {
  const b = p.bytes;
  if (to - from < 8 || (b[from]! & 0x08) === 0) return BROKEN;
  if (to - from === 8) {
    weird(p, 'vxlan_empty_packet', '', 'VXLAN', true);
    return EMPTY;
  }
  p.vni = networkOf(b, from + 4);
  enterFrame(p, from + 8, to);
  return INSIDE;
}

function enterGeneve(p: Packet, from: number, to: number, weird: PacketWeird): number {
  const b = p.bytes;
  if (to - from < 8 || b[from]! >> 6 !== 0) return BROKEN;
  const at = from + 8 + ((b[from]! & 0x3f) << 2);
  if (at > to) return BROKEN;
  if (at === to) {
    weird(p, 'geneve_empty_packet', '', 'GENEVE', true);
    return EMPTY;
  }
  const type = u16(b, from + 2);
  p.vni = networkOf(b, from + 4);
  if (type === BRIDGED) enterFrame(p, at, to);
  else if (type === IPV4 || type === IPV6) enterIp(p, type, at, to);
  else return EMPTY;
  return INSIDE;
}

/** A network number of 24 bits, plus one, so that 0 says "none". */
const networkOf = (b: Uint8Array, at: number): number =>
  ((b[at]! << 16) | (b[at + 1]! << 8) | b[at + 2]!) + 1;

/** Only user data of version 1 is a tunnel; its options and extension headers are passed. */
function enterGtp(p: Packet, from: number, to: number): number {
  const b = p.bytes;
  if (to - from < 8 || b[from]! >> 5 !== 1 || (b[from]! & 0x10) === 0) return BROKEN;
  if (b[from + 1] !== G_PDU) return OUTSIDE;
  let at = from + 8;
  if ((b[from]! & 7) !== 0) {
    at += 4;
    let next = (b[from]! & 4) !== 0 && at <= to ? b[at - 1]! : 0;
    while (next !== 0) {
      const length = at < to ? b[at]! << 2 : 0;
      if (length === 0 || at + length > to) return BROKEN;
      at += length;
      next = b[at - 1]!;
    }
  }
  const type = version(b, at, to);
  if (!holds(p, type, at, to)) return BROKEN;
  enterIp(p, type, at, to);
  return INSIDE;
}

/** True if there is an IP packet of a type that fills the space. */
function holds(p: Packet, type: number, at: number, to: number): boolean {
  const b = p.bytes;
  const cut = Math.max(0, p.length - p.captured);
  if (type === IPV4) return to - at >= 20 && u16(b, at + 2) === to - at + cut;
  return type === IPV6 && to - at >= 40 && u16(b, at + 4) + 40 === to - at + cut;
}

function enterTeredo(p: Packet, from: number, to: number): number {
  const at = readTeredo(p, from, to);
  if (at < 0) return at === BUBBLE ? EMPTY : at === FILLED_BUBBLE ? ODD_BUBBLE : BROKEN;
  enterIp(p, IPV6, at, to);
  return INSIDE;
}

function enterAyiya(p: Packet, from: number, to: number, weird: PacketWeird): number {
  const b = p.bytes;
  if (to - from < 8) return BROKEN;
  const at = from + 8 + (1 << (b[from]! >> 4)) + ((b[from + 1]! >> 4) << 2);
  if (at > to) return BROKEN;
  const isForward = (b[from + 2]! & 15) === 1;
  if (!isForward) return OUTSIDE;
  if (at === to) {
    weird(p, 'ayiya_empty_packet', '', 'AYIYA', true);
    return EMPTY;
  }
  const next = b[from + 3]!;
  if (next !== IPV4_PROTOCOL && next !== IPV6_PROTOCOL) return EMPTY;
  enterIp(p, next === IPV4_PROTOCOL ? IPV4 : IPV6, at, to);
  return INSIDE;
}
