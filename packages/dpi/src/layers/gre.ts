/**
 * GRE (RFC 2784, RFC 2890) and what it carries: IP, Ethernet, MPLS, ERSPAN types I to III (draft-foschiano-erspan),
 * PPTP (RFC 2637) and the 802.11 frames of Aruba's access points.
 */
import { checkInner, enterFrame, enterIp } from './inner.ts';
import type { PacketWeird } from './ip.ts';
import { IPV4, IPV6 } from './link.ts';
import type { Packet } from './packet.ts';

const BRIDGED = 0x6558;
const MPLS = 0x8847;
const ERSPAN = 0x88be;
const ERSPAN_3 = 0x22eb;
const PPP = 0x880b;
/** LINKTYPE_ numbers of what may be inside. */
const ETHERNET = 1;
const WIFI = 105;
const MPLS_LINK = 219;
const ETHERNET_HEADER = 14;

const u16 = (b: Uint8Array, at: number): number => (b[at]! << 8) | b[at + 1]!;

/** Sets the packet to the one inside GRE; false, with what is odd told, if there is none to be read. */
export function readGre(p: Packet, at: number, to: number, weird: PacketWeird): boolean {
  const odd = (name: string, detail?: string): false => {
    weird(p, name, detail, 'GRE', true);
    return false;
  };
  if (to - at < 4) return odd('truncated_GRE');
  const flags = u16(p.bytes, at);
  const type = u16(p.bytes, at + 2);
  const number = flags & 7;
  if (number > 1) return odd('unknown_gre_version', `version=${number}`);
  if (number === 1 && type !== PPP) return odd('egre_protocol_type', `proto=${type}`);
  if ((flags & 0x4000) !== 0) return odd('gre_routing');
  if ((flags & 0x78) !== 0) return odd('unknown_gre_flags');
  const start = at + headerLength(flags);
  if (start + leastOf(p, type, flags, start) >= to) return odd('truncated_GRE');
  return number === 1 ? enterPptp(p, start, to, weird) : enterPayload(p, type, flags, start, to);
}

const headerLength = (flags: number): number =>
  4 +
  ((flags & 0x8000) !== 0 ? 4 : 0) +
  ((flags & 0x2000) !== 0 ? 4 : 0) +
  ((flags & 0x1000) !== 0 ? 4 : 0) +
  ((flags & 0x0080) !== 0 ? 4 : 0);

/** Bytes in front of what is inside; for frames with their Ethernet header. */
function leastOf(p: Packet, type: number, flags: number, start: number): number {
  if (type === BRIDGED) return ETHERNET_HEADER;
  if (type === ERSPAN || type === ERSPAN_3) return mirrorLength(p, type, flags, start) + ETHERNET_HEADER;
  return type === PPP ? 4 : 0;
}

/** Length of the ERSPAN header: type I has none, type II has sequence numbers, type III may have a second part. */
function mirrorLength(p: Packet, type: number, flags: number, start: number): number {
  if (type === ERSPAN) return (flags & 0x1000) !== 0 ? 8 : 0;
  return start + 11 < p.end && (p.bytes[start + 11]! & 1) === 1 ? 20 : 12;
}

/** Versions 0: by the EtherType of what is inside; one that nobody reads is no packet of ours. */
function enterPayload(p: Packet, type: number, flags: number, start: number, to: number): boolean {
  if (type === IPV4 || type === IPV6) enterIp(p, type, start, to);
  else if (type === BRIDGED) enterFrame(p, start, to);
  else if (type === ERSPAN || type === ERSPAN_3) {
    const header = mirrorLength(p, type, flags, start);
    if (header > 0) p.vni = (u16(p.bytes, start + 2) & 0x3ff) + 1;
    enterFrame(p, start + header, to, ETHERNET);
  } else if (type === MPLS) enterFrame(p, start, to, MPLS_LINK);
  else if (isWifi(type)) enterFrame(p, start, to, WIFI);
  else return false;
  return true;
}

/** The EtherTypes under which Aruba's controllers carry 802.11 frames, one per tunnel. */
const isWifi = (type: number): boolean =>
  (type >= 0x8200 && type <= 0x82f0 && (type & 15) === 0) ||
  (type >= 0x8300 && type <= 0x8370 && (type & 15) === 0) ||
  type === 0x9000;

/** Version 1: PPP with its address and control bytes in front of IP. */
function enterPptp(p: Packet, start: number, to: number, weird: PacketWeird): boolean {
  const number = u16(p.bytes, start + 2);
  if (number !== 0x21 && number !== 0x57) {
    weird(p, 'non_ip_packet_in_encap', undefined, 'GRE', true);
    return false;
  }
  const type = number === 0x21 ? IPV4 : IPV6;
  if (!checkInner(p, type, start + 4, to, weird)) return false;
  enterIp(p, type, start + 4, to);
  return true;
}
