/** IEEE 802.11 data frames, also aggregated ones: from the MAC header to the logical link layer. */
import type { Packet } from './packet.ts';

type Next = (p: Packet, at: number) => void;

/** Finds the logical link header of a data frame that is not encrypted; other frames carry none. */
export function findInWifi(p: Packet, offset: number, logicalLink: Next): void {
  const b = p.bytes;
  if (p.end - offset < 24) return;
  const type = (b[offset]! >> 2) & 3;
  const subtype = b[offset]! >> 4;
  const flags = b[offset + 1]!;
  const isEncrypted = (flags & 0x40) !== 0;
  const isNull = (subtype & 4) !== 0;
  if (type !== 2 || isEncrypted || isNull) return;
  const isBridge = (flags & 3) === 3;
  p.macAt = offset + ((flags & 3) === 0 || (flags & 3) === 1 ? 10 : (flags & 3) === 2 ? 16 : 24);
  let length = 24 + (isBridge ? 6 : 0);
  let isAggregate = false;
  if ((subtype & 8) !== 0) {
    isAggregate = p.end - offset > length && (b[offset + length]! & 0x80) !== 0;
    length += 2 + ((flags & 0x80) !== 0 ? 4 : 0);
  }
  if (isAggregate) findSubframe(p, offset + length, logicalLink);
  else logicalLink(p, offset + length);
}

/** One frame of an aggregate (A-MSDU): addresses, length, logical link; the next one stands at a multiple of four. */
export function findSubframe(p: Packet, at: number, logicalLink: Next): void {
  p.nextFrameAt = -1;
  if (p.end - at < 14) return;
  const length = 14 + ((p.bytes[at + 12]! << 8) | p.bytes[at + 13]!);
  const next = at + ((length + 3) & ~3);
  if (p.end - next >= 14) p.nextFrameAt = next;
  p.macAt = at + 6;
  logicalLink(p, at + 14);
}
