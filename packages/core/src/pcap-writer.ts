/** Capture files in the classic pcap format (draft-ietf-opsawg-pcap), nanosecond variant, little endian. */

const NANOSECOND_MAGIC = 0xa1b23c4d;
const LONGEST_PACKET = 262_144;

/** LINKTYPE_ number of Ethernet. */
export const LINKTYPE_ETHERNET = 1;

/** The 24 bytes in front of all packets of a file. */
export function pcapHeader(linktype = LINKTYPE_ETHERNET): Uint8Array {
  const header = new Uint8Array(24);
  const view = new DataView(header.buffer);
  view.setUint32(0, NANOSECOND_MAGIC, true);
  view.setUint16(4, 2, true);
  view.setUint16(6, 4, true);
  view.setUint32(16, LONGEST_PACKET, true);
  view.setUint32(20, linktype, true);
  return header;
}

/** One packet of a file: `ts` in ms since the epoch; `wireLength` where more was on the wire than is in `frame`. */
export function pcapPacket(ts: number, frame: Uint8Array, wireLength = frame.length): Uint8Array {
  const record = new Uint8Array(16 + frame.length);
  const view = new DataView(record.buffer);
  const micros = Math.round(ts * 1000);
  const seconds = Math.floor(micros / 1_000_000);
  view.setUint32(0, seconds, true);
  view.setUint32(4, (micros - seconds * 1_000_000) * 1000, true);
  view.setUint32(8, frame.length, true);
  view.setUint32(12, wireLength, true);
  record.set(frame, 16);
  return record;
}
