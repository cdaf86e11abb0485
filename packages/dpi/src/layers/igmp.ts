/** IGMP, RFC 3376: membership of multicast groups. It makes no connections; only its checksum is looked at. */
import { plainChecksumHolds } from './checksum.ts';
import type { PacketWeird } from './ip.ts';
import type { Packet } from './packet.ts';

export const IGMP = 2;
const HEADER = 8;

export function checkIgmp(p: Packet, weird: PacketWeird): void {
  const isWhole = p.captured >= p.length && p.length >= HEADER;
  if (isWhole && !plainChecksumHolds(p)) weird(p, 'igmp_invalid_checksum', '', 'IGMP', true);
}
