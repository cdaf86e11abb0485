/**
 * The Internet checksum, RFC 1071. Its sum does not depend on the order of bytes, so four bytes are taken at a time as
 * the machine has them and the sum is turned at the end: two to three times as fast as byte by byte.
 */
import type { Packet } from './packet.ts';

/** Below this the set-up costs more than it saves. */
const SHORT = 64;

/** A view of the bytes that were summed last: packets come from the same chunk many times in a row. */
let viewed = new Uint8Array(0);
let view = new DataView(viewed.buffer);

/**
 * Adds the 16-bit words of `bytes[from..to)` to a running sum; an odd last byte counts as the high one. Up to 64 KiB:
 * more would not be exact.
 */
export function sumWords(bytes: Uint8Array, from: number, to: number, start: number): number {
  let sum = start;
  let i = from;
  if (to - from >= SHORT) {
    const folded = foldSum(sumTurned(bytes, from, to));
    sum += ((folded & 0xff) << 8) | (folded >>> 8);
    i = to - ((to - from) & 15);
  }
  for (; i + 2 <= to; i += 2) sum += (bytes[i]! << 8) | bytes[i + 1]!;
  return i < to ? sum + (bytes[i]! << 8) : sum;
}

/** The sum of all whole groups of 16 bytes, with the two bytes of each word turned around. */
function sumTurned(bytes: Uint8Array, from: number, to: number): number {
  if (bytes !== viewed) {
    viewed = bytes as Uint8Array<ArrayBuffer>;
    view = new DataView(bytes.buffer as ArrayBuffer, bytes.byteOffset, bytes.byteLength);
  }
  const words = view;
  let low = 0;
  let high = 0;
  for (let i = from; i + 16 <= to; i += 16) {
    const a = words.getInt32(i, true);
    const b = words.getInt32(i + 4, true);
    const c = words.getInt32(i + 8, true);
    const d = words.getInt32(i + 12, true);
    low += (a & 0xffff) + (b & 0xffff) + (c & 0xffff) + (d & 0xffff);
    high += (a >>> 16) + (b >>> 16) + (c >>> 16) + (d >>> 16);
  }
  return low + high;
}

/** Folds a sum to 16 bits. A correct checksum gives 0xffff. */
export function foldSum(sum: number): number {
  let s = sum;
  while (s > 0xffff) s = (s & 0xffff) + Math.floor(s / 0x10000);
  return s;
}

const half = (word: number): number => (word >>> 16) + (word & 0xffff);

/** True if the checksum over pseudo header and transport layer holds. */
export function transportChecksumHolds(p: Packet, protocol: number): boolean {
  let sum = protocol + (p.length & 0xffff) + (p.length >>> 16);
  sum += half(p.src3) + half(p.dst3);
  if (p.isV6) {
    sum += half(p.src0) + half(p.src1) + half(p.src2) + half(p.dst0) + half(p.dst1) + half(p.dst2);
  }
  return foldSum(sumWords(p.bytes, p.at, p.at + p.length, sum)) === 0xffff;
}

/** True if the checksum over the transport layer alone holds (ICMP, IGMP). */
export const plainChecksumHolds = (p: Packet): boolean =>
  foldSum(sumWords(p.bytes, p.at, p.at + p.length, 0)) === 0xffff;
