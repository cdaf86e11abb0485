/** Linux NFLOG captures (LINKTYPE 239): attributes in host order, the packet in attribute 9. */
import type { Packet } from './packet.ts';

const PAYLOAD = 9;

export function findInNflog(p: Packet, offset: number, found: (p: Packet, at: number) => void): void {
  const b = p.bytes;
  let at = offset + 4;
  while (p.end - at >= 4) {
    const length = b[at]! | (b[at + 1]! << 8);
    const type = (b[at + 2]! | (b[at + 3]! << 8)) & 0x7fff;
    if (length < 4 || length > p.end - at) {
      p.oddity = 'nflog_bad_tlv_len';
      p.oddityDetail = `(${length} > ${p.end - at})`;
      p.odditySource = 'NFLOG';
      return;
    }
    if (type === PAYLOAD) {
      p.end = at + length;
      found(p, at + 4);
      return;
    }
    at += (length + 3) & ~3;
  }
}
