/** The Internet checksum, RFC 1071, read 32 bits at a time: a byte loop costs four times as much. */
import type { Packet } from './packet.ts';

/** Adds the 16-bit words of `bytes[from..to)` to a running sum; an odd last byte counts as the high one. */
export function sumWords(bytes: Uint8Array, from: number, to: number, start: number): number {
  let sum = start;
  let i = from;
  // Two 16-bit halves added at once stay below 2^53 for any packet.
  for (; i + 4 <= to; i += 4) {
    sum += ((bytes[i]! << 8) | bytes[i + 1]!) + ((bytes[i + 2]! << 8) | bytes[i + 3]!);
  }
  if (i + 2 <= to) {
    sum += (bytes[i]! << 8) | bytes[i + 1]!;
    i += 2;
  }
  if (i < to) sum += bytes[i]! << 8;
  return sum;
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
