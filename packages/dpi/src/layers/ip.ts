/** IPv4 (RFC 791) and IPv6 with its extension headers (RFC 8200): from the network to the transport layer. */
import type { Defragmenter } from '../reassembly/fragments.ts';
import { foldSum, sumWords } from './checksum.ts';
import type { Packet } from './packet.ts';

/** Tells of a packet that breaks its protocol, outside of any connection. */
export type PacketWeird = (
  p: Packet,
  name: string,
  detail?: string,
  source?: string,
  hasAddresses?: boolean,
) => void;

const HOP_BY_HOP = 0;
const ROUTING = 43;
const FRAGMENT = 44;
const ENCRYPTED = 50;
const AUTHENTICATION = 51;
const DESTINATION = 60;
const MOBILITY = 135;
const NO_NEXT = 59;
const LARGEST_PAYLOAD = 65_535;

const word = (b: Uint8Array, at: number): number =>
  (b[at]! << 24) | (b[at + 1]! << 16) | (b[at + 2]! << 8) | b[at + 3]!;
const u16 = (b: Uint8Array, at: number): number => (b[at]! << 8) | b[at + 1]!;

export class IpLayer {
  readonly #checks: boolean;
  readonly #fragments: Defragmenter;
  readonly #weird: PacketWeird;
  #hasHomeAddress = false;

  constructor(checks: boolean, fragments: Defragmenter, weird: PacketWeird) {
    this.#checks = checks;
    this.#fragments = fragments;
    this.#weird = weird;
  }

  /** Reads the IP headers at `netAt`; false if the packet ends here (broken, or a fragment that waits for others). */
  read(p: Packet): boolean {
    const captured = p.end - p.netAt;
    if (captured < 20) return this.#broken(p, 'truncated_IP');
    const version = p.bytes[p.netAt]! >> 4;
    if (version === 4) return this.#readV4(p, captured);
    if (version !== 6) return this.#broken(p, 'unknown_ip_version');
    if (captured < 40) return this.#broken(p, 'truncated_IP');
    return this.#readV6(p, captured);
  }

  #broken(p: Packet, name: string): false {
    this.#weird(p, name, undefined, 'IP');
    return false;
  }

  /** The checks on lengths that both versions share. */
  #lengthsHold(p: Packet, captured: number, total: number, header: number): boolean {
    if (captured + p.cut < total) return this.#broken(p, 'truncated_IP_len');
    if (header > total) return this.#broken(p, 'invalid_IP_header_size');
    if (header > captured) return this.#broken(p, 'internally_truncated_header');
    return true;
  }

  #readV4(p: Packet, captured: number): boolean {
    const b = p.bytes;
    const at = p.netAt;
    const header = (b[at]! & 15) << 2;
    const said = u16(b, at + 2);
    let total = said;
    if (said === 0) {
      // Segmentation offload leaves the length to the network card.
      this.#broken(p, 'ip_hdr_len_zero');
      if (this.#checks) return false;
      total = captured;
    }
    if (!this.#lengthsHold(p, captured, total, header)) return false;
    if (header < 20) return this.#broken(p, 'IPv4_min_header_size');
    p.isV6 = false;
    p.src0 = p.src1 = p.dst0 = p.dst1 = 0;
    p.src2 = p.dst2 = 0xffff;
    p.src3 = word(b, at + 12);
    p.dst3 = word(b, at + 16);
    p.ipLength = said;
    p.ipProto = b[at + 9]!;
    p.at = at + header;
    p.length = total - header;
    p.captured = captured - header;
    if (this.#checks && foldSum(sumWords(b, at, at + header, 0)) !== 0xffff) {
      this.#weird(p, 'bad_IP_checksum', undefined, 'IP', true);
      return false;
    }
    const fragment = u16(b, at + 6);
    if ((fragment & 0x3fff) === 0) return true;
    if ((fragment & 0x4000) !== 0) this.#weird(p, 'fragment_with_DF', undefined, undefined, true);
    const offset = (fragment & 0x1fff) << 3;
    return this.#joinFragment(p, u16(b, at + 4), offset, (fragment & 0x2000) !== 0, header);
  }

  #joinFragment(p: Packet, id: number, offset: number, hasMore: boolean, header: number): boolean {
    if (p.captured < p.length) {
      this.#weird(p, 'incompletely_captured_fragment', undefined, undefined, true);
      return offset === 0;
    }
    if (!this.#fragments.add(p, id, offset, hasMore)) return false;
    p.ipLength = header + p.length;
    return true;
  }

  #readV6(p: Packet, captured: number): boolean {
    const b = p.bytes;
    const at = p.netAt;
    const total = u16(b, at + 4) + 40;
    p.isV6 = true;
    p.src0 = word(b, at + 8);
    p.src1 = word(b, at + 12);
    p.src2 = word(b, at + 16);
    p.src3 = word(b, at + 20);
    p.dst0 = word(b, at + 24);
    p.dst1 = word(b, at + 28);
    p.dst2 = word(b, at + 32);
    p.dst3 = word(b, at + 36);
    p.ipLength = total;
    p.at = at + 40;
    const next = b[at + 6]!;
    this.#hasHomeAddress = false;
    if (isExtension(next)) return this.#readExtensions(p, next, captured, total);
    if (!this.#lengthsHold(p, captured, total, 40)) return false;
    return this.#transport(p, next, captured - 40, total - 40);
  }

  #transport(p: Packet, proto: number, captured: number, length: number): boolean {
    p.ipProto = proto;
    p.length = length;
    p.captured = captured;
    if (proto === NO_NEXT) {
      this.#weird(p, 'ipv6_no_next', undefined, 'IP', true);
      return false;
    }
    return true;
  }

  /** Walks the chain of extension headers, as far as it was captured. */
  #readExtensions(p: Packet, first: number, captured: number, total: number): boolean {
    const b = p.bytes;
    const end = p.netAt + captured;
    let next = first;
    let at = p.at;
    let fragmentAt = -1;
    while (isExtension(next) && end - at >= 8) {
      const length = extensionLength(b, next, at);
      if (length > end - at) break;
      if (next === ENCRYPTED) return false;
      if (next === ROUTING) this.#readRouting(p, at, length);
      else if (next === DESTINATION) this.#readDestination(p, at, length);
      if (next === FRAGMENT) fragmentAt = at;
      const isMobility = next === MOBILITY;
      next = b[at]!;
      at += length;
      if (isMobility) return false;
      if (fragmentAt >= 0) break;
    }
    if (isExtension(next) && fragmentAt < 0) return this.#broken(p, 'invalid_IP_header_size');
    const header = at - p.netAt;
    if (!this.#lengthsHold(p, captured, total, header)) return false;
    p.at = at;
    p.ipProto = next;
    p.length = total - header;
    p.captured = captured - header;
    return fragmentAt < 0
      ? this.#transport(p, next, captured - header, total - header)
      : this.#joinFragmentV6(p, fragmentAt, header);
  }

  #joinFragmentV6(p: Packet, fragmentAt: number, header: number): boolean {
    const b = p.bytes;
    const offset = u16(b, fragmentAt + 2);
    const id = word(b, fragmentAt + 4);
    if ((offset & 0xfff9) === 0) return this.#afterFragments(p, header - 8);
    if (!this.#joinFragment(p, id, offset & 0xfff8, (offset & 1) !== 0, header - 8)) return false;
    // Joined, it is longer than any packet can say it is.
    if (p.ipLength - 40 > LARGEST_PAYLOAD) {
      this.#weird(p, 'invalid_IP_header_size', undefined, 'IP', true);
      return false;
    }
    return this.#afterFragments(p, header - 8);
  }

  /** What was joined may open with further extension headers. */
  #afterFragments(p: Packet, header: number): boolean {
    const start = p.at;
    const size = Math.min(p.length, p.captured);
    let next = p.ipProto;
    let at = start;
    while (isExtension(next) && next !== FRAGMENT && start + size - at >= 8) {
      if (next === ENCRYPTED || next === MOBILITY) return false;
      const length = extensionLength(p.bytes, next, at);
      if (length > start + size - at) {
        this.#weird(p, 'invalid_IP_header_size', undefined, 'IP', true);
        return false;
      }
      next = p.bytes[at]!;
      at += length;
    }
    p.ipLength = header + p.length;
    p.at = at;
    return this.#transport(p, next, p.captured - (at - start), p.length - (at - start));
  }

  /** A routing header of type 0 or 2 names the true destination. */
  #readRouting(p: Packet, at: number, length: number): void {
    const b = p.bytes;
    const type = b[at + 2]!;
    const left = b[at + 3]!;
    const words = b[at + 1]!;
    if (type === 0) {
      if (left > 0 && words >= 2 && words % 2 === 0) setDestination(p, at + length - 16);
      else if (left > 0 && words >= 2) this.#weird(p, 'odd_routing0_len', undefined, undefined, true);
      this.#weird(p, 'routing0_hdr', undefined, undefined, true);
    } else if (type === 2) {
      if (left > 0 && words === 2) setDestination(p, at + length - 16);
      else if (left > 0) this.#weird(p, 'bad_routing2_len', undefined, undefined, true);
    } else this.#weird(p, 'unknown_routing_type', String(type), undefined, true);
  }

  /** A home address option (RFC 6275) names the true source. */
  #readDestination(p: Packet, at: number, length: number): void {
    const b = p.bytes;
    const end = at + length;
    for (let i = at + 2; i < end; ) {
      if (b[i] === 0) {
        i++;
        continue;
      }
      const size = i + 1 < end ? b[i + 1]! : 256;
      if (i + 2 + size > end) {
        this.#weird(p, 'bad_ipv6_dest_opt_len', undefined, undefined, true);
        return;
      }
      if (b[i] === 201) {
        if (size !== 16) this.#weird(p, 'bad_home_addr_len', undefined, undefined, true);
        else if (this.#hasHomeAddress) this.#weird(p, 'multiple_home_addr_opts', undefined, undefined, true);
        else {
          this.#hasHomeAddress = true;
          setSource(p, i + 2);
        }
      }
      i += 2 + size;
    }
  }
}

const isExtension = (proto: number): boolean =>
  proto === HOP_BY_HOP ||
  proto === ROUTING ||
  proto === FRAGMENT ||
  proto === ENCRYPTED ||
  proto === AUTHENTICATION ||
  proto === DESTINATION ||
  proto === MOBILITY;

function extensionLength(b: Uint8Array, type: number, at: number): number {
  if (type === FRAGMENT || type === ENCRYPTED) return 8;
  return type === AUTHENTICATION ? (b[at + 1]! + 2) << 2 : (b[at + 1]! + 1) << 3;
}

function setDestination(p: Packet, at: number): void {
  p.dst0 = word(p.bytes, at);
  p.dst1 = word(p.bytes, at + 4);
  p.dst2 = word(p.bytes, at + 8);
  p.dst3 = word(p.bytes, at + 12);
}

function setSource(p: Packet, at: number): void {
  p.src0 = word(p.bytes, at);
  p.src1 = word(p.bytes, at + 4);
  p.src2 = word(p.bytes, at + 8);
  p.src3 = word(p.bytes, at + 12);
}
