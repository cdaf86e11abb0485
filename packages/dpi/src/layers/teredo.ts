/** Teredo, RFC 4380 section 5.1: IPv6 in UDP, with an authentication and an origin header in front where need be. */
import type { Packet } from './packet.ts';

const NO_NEXT = 59;
const PREFIX = 0x20010000;
const IPV6_HEADER = 40;

const word = (b: Uint8Array, at: number): number =>
  (b[at]! << 24) | (b[at + 1]! << 16) | (b[at + 2]! << 8) | b[at + 3]!;

/** True if a UDP payload on any port looks like Teredo: one of its headers, or an address of its prefix. */
export function looksLikeTeredo(b: Uint8Array, from: number, to: number): boolean {
  if (to - from < IPV6_HEADER) return false;
  if (b[from]! >> 4 === 6) return word(b, from + 8) === PREFIX || word(b, from + 24) === PREFIX;
  return b[from] === 0 && b[from + 1]! <= 1 && skipHeaders(b, from, to) >= 0;
}

/** Says of a payload that it is a bubble: the header alone, and nothing behind it where there must be nothing. */
export const BUBBLE = -2;
export const FILLED_BUBBLE = -3;
const NONE = -1;

/** Where the IPv6 packet of a Teredo payload begins that fills it; BUBBLE, FILLED_BUBBLE, or -1 if there is none. */
export function readTeredo(p: Packet, from: number, to: number): number {
  const b = p.bytes;
  const at = skipHeaders(b, from, to);
  if (at < 0) return NONE;
  const rest = to - at + Math.max(0, p.length - p.captured);
  const size = ((b[at + 4]! << 8) | b[at + 5]!) + IPV6_HEADER;
  if (b[at + 6] === NO_NEXT && size === IPV6_HEADER) return size < rest ? FILLED_BUBBLE : BUBBLE;
  return size === rest ? at : NONE;
}

/** Passes an authentication header and then an origin header; -1 unless an IPv6 header follows. */
function skipHeaders(b: Uint8Array, from: number, to: number): number {
  let at = from;
  if (to - at >= 4 && b[at] === 0 && b[at + 1] === 1) at += 13 + b[at + 2]! + b[at + 3]!;
  if (to - at >= 2 && b[at] === 0 && b[at + 1] === 0) at += 8;
  return to - at >= IPV6_HEADER && b[at]! >> 4 === 6 ? at : -1;
}
