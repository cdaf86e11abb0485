/**
 * Frames from their parts, with the lengths and checksums that belong there: for tests and for simulated traffic.
 * Ethernet and 802.1Q, IPv4 (RFC 791), IPv6 (RFC 8200), TCP (RFC 9293), UDP (RFC 768), ICMP (RFC 792, RFC 4443).
 */
import { isMappedV4, parseAddress } from './address.ts';
import { ThymusError } from './errors.ts';

/** A transport layer whose checksum is filled in once the addresses are known. */
export interface Transport {
  readonly protocol: number;
  readonly bytes: Uint8Array;
  /** Where its checksum stands; -1 for none. */
  readonly checksumAt: number;
  /** Whether the checksum covers the addresses too. */
  readonly coversAddresses: boolean;
}

export const TCP_FLAGS = { FIN: 1, SYN: 2, RST: 4, PSH: 8, ACK: 16, URG: 32 } as const;

export interface TcpHeader {
  readonly sourcePort: number;
  readonly destPort: number;
  readonly seq: number;
  readonly ack?: number;
  /** Sum of TCP_FLAGS. */
  readonly flags: number;
  readonly window?: number;
  /** Bytes of options; padded to a multiple of four. */
  readonly options?: Uint8Array;
}

export interface IpHeader {
  /** Both addresses of one family, as text. */
  readonly source: string;
  readonly dest: string;
  readonly id?: number;
  readonly ttl?: number;
  /** IPv4 fragments: offset in bytes, a multiple of eight. */
  readonly fragment?: { readonly offset: number; readonly hasMore: boolean };
}

export interface EthernetHeader {
  /** MAC addresses as text. */
  readonly source: string;
  readonly dest: string;
  /** VLAN tags, outermost first. */
  readonly vlans?: readonly number[];
}

const NOTHING = new Uint8Array(0);

/** Bytes one after the other. */
export function joinBytes(...parts: readonly Uint8Array[]): Uint8Array {
  const joined = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}

/** The Internet checksum, RFC 1071, of bytes whose checksum field is zero; `start` is a sum to begin with. */
export function internetChecksum(bytes: Uint8Array, start = 0): number {
  let sum = start;
  for (let i = 0; i < bytes.length; i += 2) sum += (bytes[i]! << 8) | (bytes[i + 1] ?? 0);
  while (sum > 0xffff) sum = (sum & 0xffff) + Math.floor(sum / 0x10000);
  return ~sum & 0xffff;
}

export function tcpSegment(header: TcpHeader, payload: Uint8Array = NOTHING): Transport {
  const options = header.options ?? NOTHING;
  const length = 20 + Math.ceil(options.length / 4) * 4;
  const head = new Uint8Array(length);
  const view = new DataView(head.buffer);
  view.setUint16(0, header.sourcePort);
  view.setUint16(2, header.destPort);
  view.setUint32(4, header.seq);
  view.setUint32(8, header.ack ?? 0);
  view.setUint8(12, (length / 4) << 4);
  view.setUint8(13, header.flags);
  view.setUint16(14, header.window ?? 64_240);
  head.set(options, 20);
  return { protocol: 6, bytes: joinBytes(head, payload), checksumAt: 16, coversAddresses: true };
}

export function udpDatagram(sourcePort: number, destPort: number, payload: Uint8Array = NOTHING): Transport {
  const head = new Uint8Array(8);
  const view = new DataView(head.buffer);
  view.setUint16(0, sourcePort);
  view.setUint16(2, destPort);
  view.setUint16(4, 8 + payload.length);
  return { protocol: 17, bytes: joinBytes(head, payload), checksumAt: 6, coversAddresses: true };
}

/** An ICMP message, or an ICMPv6 one for version 6; `rest` is the second word of its header. */
export function icmpMessage(
  version: 4 | 6,
  type: number,
  code: number,
  rest: number,
  payload: Uint8Array = NOTHING,
): Transport {
  const head = new Uint8Array(8);
  const view = new DataView(head.buffer);
  view.setUint8(0, type);
  view.setUint8(1, code);
  view.setUint32(4, rest);
  const bytes = joinBytes(head, payload);
  return { protocol: version === 6 ? 58 : 1, bytes, checksumAt: 2, coversAddresses: version === 6 };
}

/** Any other protocol: its bytes as they are. */
export const otherTransport = (protocol: number, bytes: Uint8Array): Transport => ({
  protocol,
  bytes,
  checksumAt: -1,
  coversAddresses: false,
});

/** An IP packet, of the version its addresses have. Throws BAD_INPUT for texts that are no addresses of one family. */
export function ipPacket(header: IpHeader, transport: Transport): Uint8Array {
  const source = addressBytes(header.source);
  const dest = addressBytes(header.dest);
  if (source.length !== dest.length)
    throw new ThymusError('BAD_INPUT', `${header.source} and ${header.dest} are of different families.`);
  const body = transport.bytes.slice();
  if (transport.checksumAt >= 0) {
    const pseudo = transport.coversAddresses ? pseudoSum(source, dest, transport) : 0;
    const sum = internetChecksum(body, pseudo);
    // A checksum of 0 would say that there is none.
    new DataView(body.buffer).setUint16(
      transport.checksumAt,
      transport.protocol === 17 ? sum || 0xffff : sum,
    );
  }
  const head =
    source.length === 4 ? v4Header(header, source, dest, body.length, transport.protocol) : undefined;
  return joinBytes(head ?? v6Header(header, source, dest, body.length, transport.protocol), body);
}

/** An Ethernet frame around an IP packet. Throws BAD_INPUT for texts that are no MAC addresses. */
export function ethernetFrame(header: EthernetHeader, packet: Uint8Array): Uint8Array {
  const type = packet[0]! >> 4 === 6 ? [0x86, 0xdd] : [0x08, 0x00];
  const tags = (header.vlans ?? []).flatMap((vlan) => [0x81, 0x00, vlan >> 8, vlan & 255]);
  const head = [...macBytes(header.dest), ...macBytes(header.source), ...tags, ...type];
  return joinBytes(Uint8Array.from(head), packet);
}

function addressBytes(text: string): Uint8Array {
  const bytes = parseAddress(text);
  if (!bytes) throw new ThymusError('BAD_INPUT', `${text} is no IP address.`);
  return isMappedV4(bytes) ? bytes.subarray(12) : bytes;
}

function macBytes(text: string): number[] {
  if (!/^([0-9a-f]{2}:){5}[0-9a-f]{2}$/i.test(text))
    throw new ThymusError('BAD_INPUT', `${text} is no MAC address.`);
  return text.split(':').map((part) => Number.parseInt(part, 16));
}

function pseudoSum(source: Uint8Array, dest: Uint8Array, transport: Transport): number {
  const addresses = ~internetChecksum(joinBytes(source, dest)) & 0xffff;
  return addresses + transport.protocol + transport.bytes.length;
}

function v4Header(
  header: IpHeader,
  source: Uint8Array,
  dest: Uint8Array,
  length: number,
  protocol: number,
): Uint8Array {
  const head = new Uint8Array(20);
  const view = new DataView(head.buffer);
  view.setUint8(0, 0x45);
  view.setUint16(2, 20 + length);
  view.setUint16(4, header.id ?? 0);
  const fragment = header.fragment;
  view.setUint16(6, fragment ? (fragment.offset >> 3) | (fragment.hasMore ? 0x2000 : 0) : 0x4000);
  view.setUint8(8, header.ttl ?? 64);
  view.setUint8(9, protocol);
  head.set(source, 12);
  head.set(dest, 16);
  view.setUint16(10, internetChecksum(head));
  return head;
}

function v6Header(
  header: IpHeader,
  source: Uint8Array,
  dest: Uint8Array,
  length: number,
  protocol: number,
): Uint8Array {
  const head = new Uint8Array(40);
  const view = new DataView(head.buffer);
  view.setUint8(0, 0x60);
  view.setUint16(4, length);
  view.setUint8(6, protocol);
  view.setUint8(7, header.ttl ?? 64);
  head.set(source, 8);
  head.set(dest, 24);
  return head;
}
