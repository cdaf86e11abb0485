/** Community ID version 1, seed 0 (github.com/corelight/community-id-spec): one name for a connection in every tool. */
import { DST, ONE_WAY, PORTS, PROTOCOL, SCOPE, SRC } from './layout.ts';
import { sha1Base64 } from './sha1.ts';

const V4_LENGTH = 2 + 4 + 4 + 1 + 1 + 4;
const V6_LENGTH = 2 + 16 + 16 + 1 + 1 + 4;
const V4_BYTES = new Uint8Array(V4_LENGTH);
const V6_BYTES = new Uint8Array(V6_LENGTH);
const [ICMP, TCP, UDP, ICMP6, SCTP] = [1, 6, 17, 58, 132];

/** The community id of the flow whose record starts at word `base`. */
export function communityId(w: Int32Array, base: number): string {
  const isV4 = w[base + SRC] === 0 && w[base + SRC + 1] === 0 && w[base + SRC + 2] === 0xffff;
  const ports = w[base + PORTS]!;
  const isFirst = (w[base + SCOPE]! & ONE_WAY) !== 0 || isSmaller(w, base, ports);
  const bytes = isV4 ? V4_BYTES : V6_BYTES;
  const size = isV4 ? 4 : 16;
  const skip = isV4 ? 3 : 0;
  const proto = w[base + PROTOCOL]!;
  write(bytes, 2, w, base + (isFirst ? SRC : DST) + skip, size);
  write(bytes, 2 + size, w, base + (isFirst ? DST : SRC) + skip, size);
  let at = 2 + size * 2;
  bytes[at++] = proto;
  bytes[at++] = 0;
  if (proto === TCP || proto === UDP || proto === ICMP || proto === ICMP6 || proto === SCTP) {
    const ordered = isFirst ? ports : (ports << 16) | (ports >>> 16);
    for (let shift = 24; shift >= 0; shift -= 8) bytes[at++] = ordered >>> shift;
  }
  return `1:${sha1Base64(bytes, at)}`;
}

/** True if the originator's address and port sort before the responder's. */
function isSmaller(w: Int32Array, base: number, ports: number): boolean {
  for (let i = 0; i < 4; i++) {
    const a = w[base + SRC + i]! >>> 0;
    const b = w[base + DST + i]! >>> 0;
    if (a !== b) return a < b;
  }
  return ports >>> 16 <= (ports & 0xffff);
}

function write(bytes: Uint8Array, at: number, w: Int32Array, from: number, size: number): void {
  for (let i = 0; i < size; i += 4) {
    const word = w[from + (i >> 2)]!;
    bytes[at + i] = word >>> 24;
    bytes[at + i + 1] = word >>> 16;
    bytes[at + i + 2] = word >>> 8;
    bytes[at + i + 3] = word;
  }
}
