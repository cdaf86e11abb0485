/** SCTP, RFC 9260 section 3: only its ports are read, which make its associations connections of their own. */
import type { Packet } from './packet.ts';

export const SCTP = 132;
const COMMON_HEADER = 12;
const CHUNK_HEADER = 4;
const INIT = 1;

/** Sets the ports of a packet that is SCTP. */
export function readSctpPorts(p: Packet): void {
  if (!isSctp(p)) return;
  const b = p.bytes;
  p.srcPort = (b[p.at]! << 8) | b[p.at + 1]!;
  p.dstPort = (b[p.at + 2]! << 8) | b[p.at + 3]!;
}

/**
 * True if a packet opens with the header of SCTP and a first chunk that fits. The tag is 0 in front of INIT and nowhere
 * else, section 8.5.1.
 */
function isSctp(p: Packet): boolean {
  if (p.length < COMMON_HEADER + CHUNK_HEADER || p.captured < COMMON_HEADER + CHUNK_HEADER) return false;
  const b = p.bytes;
  const chunk = p.at + COMMON_HEADER;
  const length = (b[chunk + 2]! << 8) | b[chunk + 3]!;
  if (length < CHUNK_HEADER || length > p.length - COMMON_HEADER) return false;
  const hasTag = (b[p.at + 4]! | b[p.at + 5]! | b[p.at + 6]! | b[p.at + 7]!) !== 0;
  return hasTag !== (b[chunk] === INIT);
}
