/** Begins flows: their first words in the table, and which end counts as the originator. */
import type { Packet } from '../layers/packet.ts';
import type { Encapsulation } from './encapsulation.ts';
import {
  BITS,
  FLAGS,
  FLOW_SHIFT,
  HAS_MAC,
  HIGH_SEQ,
  IS_BRIEF,
  LAST_F,
  MAC_HIGH,
  MAC_LOW,
  NEXT_SEQ,
  ORIG,
  PORTS,
  PROTOCOL,
  RESP,
  START_F,
  TRIM_SEQ,
  VLANS,
  VNI,
} from './layout.ts';
import type { Lifetimes } from './lifetimes.ts';
import { isDnsPort, looksLikeTcpReply, looksLikeUdpReply } from './server-ports.ts';
import type { FlowTable } from './table.ts';
import { ACK, SYN } from './tcp-flags.ts';
import { SHORT_IDLE } from './timeouts.ts';
import type { Weirds } from './weirds.ts';

export class Opener {
  /** Flows that were begun. */
  opened = 0;
  readonly #table: FlowTable;
  readonly #lifetimes: Lifetimes;
  readonly #tunnels: Encapsulation;
  readonly #weirds: Weirds;
  readonly #flip: (flow: number) => void;

  /** `flip` turns the ends of a flow around. */
  constructor(
    table: FlowTable,
    lifetimes: Lifetimes,
    tunnels: Encapsulation,
    weirds: Weirds,
    flip: (flow: number) => void,
  ) {
    this.#table = table;
    this.#lifetimes = lifetimes;
    this.#tunnels = tunnels;
    this.#weirds = weirds;
    this.#flip = flip;
  }

  /** Begins the flow of a packet that `find` did not find; makes room if the table is full. */
  open(p: Packet, scope: number): number {
    const table = this.#table;
    if (table.size >= table.capacity) {
      this.#weirds.self(p.ts, 'flow_table_full', `${table.capacity} flows`);
      this.#lifetimes.evict();
    }
    const flow = table.insert(p, scope);
    const base = flow << FLOW_SHIFT;
    table.floats[(base >> 1) + START_F] = p.ts;
    table.floats[(base >> 1) + LAST_F] = p.ts;
    table.deadlines[flow] = p.ts + SHORT_IDLE;
    table.words[base + PROTOCOL] = p.ipProto;
    table.words[base + VLANS] = p.vlan | (p.innerVlan << 16);
    table.words[base + VNI] = p.vni;
    this.#lifetimes.begin(flow, p.ts);
    this.#tunnels.begin(flow, p.ts);
    this.opened++;
    return flow;
  }

  /** `isBroken` if the header does not fit: then nothing in it is believed. */
  openTcp(p: Packet, scope: number, isBroken: boolean): number {
    const flow = this.open(p, scope);
    const base = flow << FLOW_SHIFT;
    const w = this.#table.words;
    for (const e of [base + ORIG, base + RESP]) {
      w[e + NEXT_SEQ] = 1;
      w[e + TRIM_SEQ] = 1;
      w[e + HIGH_SEQ] = 1;
    }
    const flags = p.bytes[p.at + 13]!;
    const isSyn = (flags & SYN) !== 0;
    const isOpening = isSyn && (flags & ACK) === 0;
    if (!isBroken && !isOpening && looksLikeTcpReply(p.srcPort, p.dstPort, isSyn)) this.#flip(flow);
    return flow;
  }

  openUdp(p: Packet, scope: number): number {
    const flow = this.open(p, scope);
    const isBroadcast = p.dst3 === -1;
    if (!isBroadcast && looksLikeUdpReply(p.srcPort, p.dstPort)) this.#flip(flow);
    const w = this.#table.words;
    const base = flow << FLOW_SHIFT;
    if (isDnsPort(w[base + PORTS]! & 0xffff)) w[base + FLAGS] = w[base + FLAGS]! | IS_BRIEF;
    return flow;
  }
}

/** Notes the MAC address of an endpoint from its first packet that has one. */
export function noteMac(w: Int32Array, p: Packet, e: number): void {
  const b = p.frame;
  const at = p.macAt;
  w[e + MAC_HIGH] = (b[at]! << 8) | b[at + 1]!;
  w[e + MAC_LOW] = (b[at + 2]! << 24) | (b[at + 3]! << 16) | (b[at + 4]! << 8) | b[at + 5]!;
  w[e + BITS] = w[e + BITS]! | HAS_MAC;
}
