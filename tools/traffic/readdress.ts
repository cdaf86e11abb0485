/** Moves a frame into other networks, so that copies of a capture are connections of their own. RFC 1624 for the sums. */

const IPV4 = 0x0800;
const IPV6 = 0x86dd;
const VLAN_TAGS = new Set([0x8100, 0x88a8, 0x9100]);

/** Where an IP packet lies in a frame. */
export interface Place {
  version: 4 | 6;
  at: number;
  /** The protocol inside, and where it begins; behind extension headers it is not looked for. */
  protocol: number;
  inner: number;
  isLaterFragment: boolean;
}

/** The IP packet of an Ethernet frame; undefined for all other frames and those that contradict themselves. */
export function findIp(b: Buffer, start: number, end: number): Place | undefined {
  let at = start + 12;
  while (at + 4 < end && VLAN_TAGS.has(b.readUInt16BE(at))) at += 4;
  if (at + 22 > end) return undefined;
  const type = b.readUInt16BE(at);
  at += 2;
  const version = b[at]! >> 4;
  if (type === IPV4 && version === 4) {
    const inner = at + (b[at]! & 15) * 4;
    if (inner < at + 20 || inner > end || at + b.readUInt16BE(at + 2) > end) return undefined;
    const isLaterFragment = (b.readUInt16BE(at + 6) & 0x1fff) > 0;
    return { version, at, protocol: b[at + 9]!, inner, isLaterFragment };
  }
  if (type !== IPV6 || version !== 6 || at + 40 > end) return undefined;
  return { version, at, protocol: b[at + 6]!, inner: at + 40, isLaterFragment: false };
}

/** Where each transport keeps its checksum; all of these include the addresses. */
const SUM_AT: Readonly<Record<number, number>> = { 6: 16, 17: 6, 58: 2 };

/** Changes the network, not the host and not the kind, of both addresses; `network` 1 to 255 is another one each. */
export function readdress(b: Buffer, place: Place, end: number, network: number): void {
  const { version, at, protocol, inner, isLaterFragment } = place;
  const first = version === 4 ? at + 12 : at + 8;
  const size = version === 4 ? 4 : 16;
  const changed = [first, first + size].filter((address) => isMovable(b, address, version));
  const words = changed.map((address) => address + (version === 4 ? 2 : 14));
  const sums = version === 4 ? [at + 10] : [];
  const sumAt = SUM_AT[protocol];
  const isSummed = sumAt !== undefined && !isLaterFragment && inner + sumAt + 2 <= end;
  // A UDP sum of zero over IPv4 says that there is none.
  if (isSummed && !(protocol === 17 && b.readUInt16BE(inner + sumAt) === 0)) sums.push(inner + sumAt);
  for (const word of words) {
    const before = b.readUInt16BE(word);
    const after = before ^ (network << 8);
    b.writeUInt16BE(after, word);
    for (const sum of sums) b.writeUInt16BE(adjust(b.readUInt16BE(sum), before, after), sum);
  }
}

/** Broadcast, multicast, loopback and link-local IPv4 addresses mean something and stay; so do their IPv6 kin. */
function isMovable(b: Buffer, at: number, version: 4 | 6): boolean {
  if (version === 6) return b[at] !== 0xff && b[at] !== 0;
  const first = b[at]!;
  return first > 0 && first < 224 && first !== 127 && !(first === 169 && b[at + 1] === 254);
}

/** RFC 1624, equation 3. */
function adjust(sum: number, before: number, after: number): number {
  let next = (~sum & 0xffff) + (~before & 0xffff) + after;
  next = (next & 0xffff) + (next >>> 16);
  next = (next & 0xffff) + (next >>> 16);
  return ~next & 0xffff;
}
