/**
 * Link layers: from a frame to its IP packet. IEEE 802.3, 802.1Q, 802.2; RFC 1661 and 2516 (PPP, PPPoE), RFC 3032
 * (MPLS); LINKTYPE_ numbers and cooked captures as tcpdump.org lists them.
 */

import { findInNflog } from './nflog.ts';
import type { Packet } from './packet.ts';
import { findInWifi, findSubframe } from './wifi.ts';

export const IPV4 = 0x0800;
export const IPV6 = 0x86dd;
const NOT_IP = 0;
/** Headers in front of the network layer that are followed. */
const DEEPEST = 8;

const u16 = (b: Uint8Array, at: number): number => (b[at]! << 8) | b[at + 1]!;

/** Finds the network layer of a frame: sets `netAt`, `etherType`, the VLANs and `macAt`. */
export function findNetworkLayer(p: Packet, offset: number, linktype: number): void {
  p.vlan = 0;
  p.innerVlan = 0;
  p.macAt = -1;
  p.netAt = offset;
  p.etherType = NOT_IP;
  p.oddity = '';
  if (linktype === 1) ethernet(p, offset);
  else otherLink(p, offset, linktype);
}

/** Finds the network layer of the next frame of an aggregate; false if there is none. */
export function findNextFrame(p: Packet, at: number): boolean {
  if (at < 0) return false;
  p.etherType = NOT_IP;
  p.oddity = '';
  findSubframe(p, at, logicalLink);
  return true;
}

/** A number for the VLANs and the virtual network of a packet; 0 for none. */
export const networkNumber = (p: Packet): number =>
  (p.vlan | (p.innerVlan << 13)) ^ Math.imul(p.vni, 0x9e3779b1);

function otherLink(p: Packet, offset: number, linktype: number): void {
  switch (linktype) {
    case 0:
    case 108:
      family(p, offset, linktype === 108);
      break;
    case 12:
    case 14:
    case 101:
    case 228:
    case 229:
      version(p, offset);
      break;
    case 9:
    case 50:
      serialLine(p, offset);
      break;
    case 51:
      pppoeSession(p, offset);
      break;
    case 10:
      logicalLink(p, offset + 13);
      break;
    case 105:
      findInWifi(p, offset, logicalLink);
      break;
    case 127:
      findInWifi(p, offset + radiotapLength(p, offset), logicalLink);
      break;
    case 113:
      protocol(p, offset + 14, offset + 16);
      break;
    case 276:
      protocol(p, offset, offset + 20);
      break;
    case 219:
      labelled(p, offset);
      break;
    case 239:
      findInNflog(p, offset, version);
      break;
    default:
  }
}

function ethernet(p: Packet, offset: number): void {
  if (p.end - offset < 14) {
    setOddity(p, 'truncated_ethernet_frame', '', 'ETHERNET');
    return;
  }
  const b = p.bytes;
  let at = offset;
  p.macAt = at + 6;
  let type = u16(b, at + 12);
  if (type === 0x8903 && p.end - at >= 30) {
    // Cisco FabricPath: an outer MAC header of 16 bytes before the real frame.
    at += 16;
    p.macAt = at + 6;
    type = u16(b, at + 12);
  }
  if (type < 1536) {
    logicalLink(p, at + 14);
    return;
  }
  if (type === IPV4 || type === IPV6) {
    p.etherType = type;
    p.netAt = at + 14;
    return;
  }
  tagged(p, type, at + 14);
}

/**
 * Follows VLAN, VN-Tag, provider bridge, MPLS and PPPoE headers from an EtherType on; `isNested` behind 802.2, which is
 * not followed again.
 */
function tagged(p: Packet, first: number, start: number, isNested = false): void {
  const b = p.bytes;
  let type = first;
  let at = start;
  let tags = 0;
  for (let depth = 0; isTag(type); depth++) {
    if (depth === DEEPEST) setOddity(p, 'max_packet_analyzer_depth_exceeded', '', 'ETHERNET');
    const size = type === 0x88e7 ? 18 : type === 0x8926 ? 6 : 4;
    if (depth === DEEPEST || p.end - at < size) return;
    if (size === 4) {
      tags++;
      const tag = (u16(b, at) & 0xfff) + 1;
      if (tags === 1) p.vlan = tag;
      else p.innerVlan = tag;
    }
    if (tags === 3) setOddity(p, 'triple_tagged_vlan_unsupported', 'inner VLAN tag overwritten', 'VLAN');
    if (size === 18) p.macAt = at + 10;
    at += size;
    type = u16(b, at - 2);
  }
  p.netAt = at;
  p.etherType = type;
  if (type === 0x8847 || type === 0x8848) labelled(p, at);
  else if (type === 0x8864) pppoeSession(p, at);
  else if (type < 1536 && !isNested) logicalLink(p, at);
}

/** 802.1Q in its three EtherTypes, VN-Tag (802.1BR) and provider backbone bridges (802.1ah). */
const isTag = (type: number): boolean =>
  type === 0x8100 || type === 0x88a8 || type === 0x9100 || type === 0x8926 || type === 0x88e7;

function setOddity(p: Packet, name: string, detail: string, source: string): void {
  p.oddity = name;
  p.oddityDetail = detail;
  p.odditySource = source;
}

/** MPLS: skips labels up to the bottom of the stack; behind it IP, or Ethernet with a control word (RFC 4448). */
function labelled(p: Packet, start: number): void {
  let at = start;
  for (let depth = 0; depth < 16 && p.end - at >= 4; depth++) {
    const isLast = (p.bytes[at + 2]! & 1) === 1;
    at += 4;
    if (isLast) {
      const isWire = p.end - at >= 18 && p.bytes[at]! >> 4 === 0;
      if (isWire) pseudoWire(p, at + 4);
      else version(p, at);
      return;
    }
  }
}

/** An Ethernet frame behind MPLS, with at most one tag. */
function pseudoWire(p: Packet, at: number): void {
  const isTagged = u16(p.bytes, at + 12) === 0x8100 && p.end - at >= 18;
  p.macAt = at + 6;
  p.netAt = at + (isTagged ? 18 : 14);
  p.etherType = u16(p.bytes, p.netAt - 2);
}

function pppoeSession(p: Packet, at: number): void {
  if (p.end - at >= 8) pointToPoint(p, at + 6);
}

/** PPP with or without its address and control bytes. */
function serialLine(p: Packet, at: number): void {
  if (p.end - at < 4) return;
  const hasAddress = p.bytes[at] === 0xff && p.bytes[at + 1] === 3;
  pointToPoint(p, hasAddress ? at + 2 : at);
}

function pointToPoint(p: Packet, at: number): void {
  if (p.end - at < 2) return;
  const number = u16(p.bytes, at);
  if (number === 0x21) p.etherType = IPV4;
  else if (number === 0x57) p.etherType = IPV6;
  else if (number === 0x281) {
    labelled(p, at + 2);
    return;
  }
  p.netAt = at + 2;
}

/** BSD loopback: the address family in either byte order. */
function family(p: Packet, at: number, isNetworkOrder: boolean): void {
  if (p.end - at < 4) return;
  const b = p.bytes;
  const big = isNetworkOrder || (b[at] === 0 && b[at + 1] === 0);
  const value = big ? b[at + 3]! : b[at]!;
  if (value === 2) p.etherType = IPV4;
  else if (value === 24 || value === 28 || value === 30 || value === 10) p.etherType = IPV6;
  p.netAt = at + 4;
}

/** No link header: the IP version tells. */
function version(p: Packet, at: number): void {
  if (p.end <= at) return;
  const number = p.bytes[at]! >> 4;
  p.etherType = number === 4 ? IPV4 : number === 6 ? IPV6 : NOT_IP;
  p.netAt = at;
}

function protocol(p: Packet, typeAt: number, netAt: number): void {
  if (p.end - netAt < 1) return;
  tagged(p, u16(p.bytes, typeAt), netAt);
}

/** IEEE 802.2 with SNAP, or raw IP behind it. */
function logicalLink(p: Packet, at: number): void {
  const b = p.bytes;
  if (p.end - at < 8) return;
  if (b[at] === 0xaa && b[at + 1] === 0xaa && b[at + 2] === 3) {
    const isBridged = b[at + 3] !== 0 || b[at + 4] !== 0 || (b[at + 5] !== 0 && b[at + 5] !== 0xf8);
    if (!isBridged) tagged(p, u16(b, at + 6), at + 8, true);
  } else if (b[at] === 6 && b[at + 1] === 6) version(p, at + 3);
}

const radiotapLength = (p: Packet, at: number): number =>
  p.end - at >= 4 ? p.bytes[at + 2]! | (p.bytes[at + 3]! << 8) : 0;
