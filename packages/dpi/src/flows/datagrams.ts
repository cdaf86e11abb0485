/** Flows without states of their own: UDP (RFC 768), ICMP (RFC 792, RFC 4443), and IP protocols that nobody reads. */
import type { Applications } from '../applications/applications.ts';
import { plainChecksumHolds, transportChecksumHolds } from '../layers/checksum.ts';
import type { PacketWeird } from '../layers/ip.ts';
import type { Packet } from '../layers/packet.ts';
import { tunnelOfPort, VXLAN } from '../layers/tunnels.ts';
import { type History, SEEN_DATA } from './history.ts';
import { checkIcmp6 } from './icmp6.ts';
import {
  BAD_SUMS,
  BITS,
  FLAGS,
  FLOW_SHIFT,
  HAS_PRINT,
  IS_ACTIVE,
  IS_BRIEF,
  LAST_F,
  ORIG,
  PAYLOAD,
  PRINT,
  RESP,
  START_F,
} from './layout.ts';
import { ICMP, ICMP6 } from './records.ts';
import type { FlowTable } from './table.ts';
import { briefDeadline, SHORT_IDLE } from './timeouts.ts';
import type { FlowWeird } from './weirds.ts';

const [C, D] = [0x43, 0x44];
/** Bytes of a first payload that go into the fingerprint. */
const PRINT_BYTES = 64;
/** Type of the first ICMPv6 message of neighbour discovery. */
const FIRST_OF_DISCOVERY = 133;

export class DatagramTracker {
  readonly #table: FlowTable;
  readonly #history: History;
  readonly #applications: Applications;
  readonly #weird: FlowWeird;
  readonly #packetWeird: PacketWeird;
  readonly #checks: boolean;

  constructor(
    table: FlowTable,
    history: History,
    applications: Applications,
    weird: FlowWeird,
    packetWeird: PacketWeird,
    checks: boolean,
  ) {
    this.#table = table;
    this.#history = history;
    this.#applications = applications;
    this.#weird = weird;
    this.#packetWeird = packetWeird;
    this.#checks = checks;
  }

  /** Takes a UDP datagram whose header is whole; false if it is to be forgotten. */
  udp(p: Packet, flow: number, fromOriginator: boolean): boolean {
    const w = this.#table.words;
    const b = p.bytes;
    const e = (flow << FLOW_SHIFT) + (fromOriginator ? ORIG : RESP);
    if (this.#checks && p.captured >= p.length && !udpChecksumHolds(p)) {
      this.#weird(flow, 'bad_UDP_checksum', undefined, 'UDP');
      this.#history.scaled(flow, e + BAD_SUMS, C!);
      return false;
    }
    const said = (b[p.at + 4]! << 8) | b[p.at + 5]!;
    if (said !== p.length) this.#weird(flow, 'UDP_datagram_length_mismatch', `${said} != ${p.length}`, 'UDP');
    this.#touch(p, flow);
    this.#history.once(flow, SEEN_DATA, D!, fromOriginator);
    this.#addPayload(e, Math.max(0, said - 8));
    const to = p.at + Math.min(p.length, p.captured);
    if (to > p.at + 8 && (w[e + BITS]! & HAS_PRINT) === 0) this.#print(p, e, p.at + 8, to);
    return true;
  }

  /** Gives the payload of a UDP datagram to its dissector. */
  payload(p: Packet, flow: number, fromOriginator: boolean): void {
    const to = p.at + Math.min(p.length, p.captured);
    if (to > p.at + 8) this.#applications.datagram(flow, 'udp', fromOriginator, p.bytes, p.at + 8, to);
  }

  /** Takes an ICMP message whose header is whole; false if it is to be forgotten. */
  icmp(p: Packet, flow: number, fromOriginator: boolean): boolean {
    const w = this.#table.words;
    const e = (flow << FLOW_SHIFT) + (fromOriginator ? ORIG : RESP);
    if (this.#checks && p.captured >= p.length && !icmpChecksumHolds(p)) {
      this.#weird(flow, 'bad_ICMP_checksum', undefined, 'ICMP');
      return false;
    }
    this.#touch(p, flow);
    this.#addPayload(e, Math.max(0, p.length - 8));
    const to = p.at + Math.min(p.length, p.captured);
    if (p.ipProto === ICMP6) this.#checkIcmp6(p, flow, to);
    if (to <= p.at + 8) return true;
    if ((w[e + BITS]! & HAS_PRINT) === 0) this.#print(p, e, p.at + 4, to);
    this.#applications.datagram(flow, 'icmp', fromOriginator, p.bytes, p.at, to);
    return true;
  }

  #checkIcmp6(p: Packet, flow: number, to: number): void {
    if (p.bytes[p.at]! < FIRST_OF_DISCOVERY) return;
    checkIcmp6(p.bytes, p.at, to, (name, isLoose, detail) => {
      if (isLoose) this.#packetWeird(p, name, detail, 'ICMP');
      else this.#weird(flow, name, '', 'ICMP');
    });
  }

  /** Takes a packet of a protocol that nobody reads. */
  other(p: Packet, flow: number): void {
    this.#touch(p, flow);
  }

  #touch(p: Packet, flow: number): void {
    const { words: w, floats, deadlines } = this.#table;
    const base = flow << FLOW_SHIFT;
    const half = base >> 1;
    floats[half + LAST_F] = p.ts;
    const isBrief = (w[base + FLAGS]! & IS_BRIEF) !== 0;
    deadlines[flow] = isBrief ? briefDeadline(floats[half + START_F]!, p.ts) : p.ts + SHORT_IDLE;
  }

  #addPayload(e: number, length: number): void {
    const { words: w, floats } = this.#table;
    w[e + BITS] = w[e + BITS]! | IS_ACTIVE;
    floats[(e + PAYLOAD) >> 1] = floats[(e + PAYLOAD) >> 1]! + length;
  }

  #print(p: Packet, e: number, from: number, to: number): void {
    const w = this.#table.words;
    let h = (to - from) | 0;
    const end = Math.min(to, from + PRINT_BYTES);
    for (let i = from; i < end; i++) h = Math.imul(h ^ p.bytes[i]!, 0x01000193);
    w[e + PRINT] = h;
    w[e + BITS] = w[e + BITS]! | HAS_PRINT;
  }
}

/** 0 means "none" in IPv4; VXLAN may leave it out, RFC 7348. */
function udpChecksumHolds(p: Packet): boolean {
  const isNone = p.bytes[p.at + 6] === 0 && p.bytes[p.at + 7] === 0;
  return (isNone && (!p.isV6 || tunnelOfPort(p.dstPort) === VXLAN)) || transportChecksumHolds(p, 17);
}

const icmpChecksumHolds = (p: Packet): boolean =>
  p.ipProto === ICMP ? plainChecksumHolds(p) : transportChecksumHolds(p, 58);
