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
  const at = offset + length + (isAggregate ? 14 : 0);
  if (isAggregate) p.macAt = offset + length + 6;
  logicalLink(p, at);
}
