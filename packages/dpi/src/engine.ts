/** The dissection engine: packets in, records out. No I/O, no clock, no timers; time comes with the packets. */
import type { Applications } from './applications/applications.ts';
import type { Dissector } from './dissector.ts';
import type { Emit, EngineFace, EngineOptions } from './face.ts';
import { withFindings } from './findings/findings.ts';
import type { DatagramTracker } from './flows/datagrams.ts';
import { type Encapsulation, markOf } from './flows/encapsulation.ts';
import { type History, SEEN_LIMIT } from './flows/history.ts';
import { counterpart } from './flows/icmp.ts';
import {
  BAD_SUMS,
  BITS,
  FLOW_SHIFT,
  HAS_MAC,
  IP_BYTES,
  ONE_WAY,
  ORIG,
  PACKETS,
  PORTS,
  RESP,
  TUNNEL_KIND,
  USED,
} from './flows/layout.ts';
import type { Lifetimes } from './flows/lifetimes.ts';
import { noteMac, type Opener } from './flows/opener.ts';
import { ICMP, ICMP6, TCP, UDP } from './flows/records.ts';
import type { FlowTable } from './flows/table.ts';
import type { TcpTracker } from './flows/tcp.ts';
import { SYN } from './flows/tcp-flags.ts';
import { setTcpDeadline, TCP_IDLE, TUNNEL_IDLE } from './flows/timeouts.ts';
import { type FlowWeirds, Weirds } from './flows/weirds.ts';
import { transportChecksumHolds } from './layers/checksum.ts';
import { checkIgmp, IGMP } from './layers/igmp.ts';
import type { IpLayer, PacketWeird } from './layers/ip.ts';
import { findNetworkLayer, findNextFrame, IPV4, IPV6, networkNumber } from './layers/link.ts';
import type { Packet } from './layers/packet.ts';
import { readSctpPorts, SCTP } from './layers/sctp.ts';
import {
  BROKEN,
  DEEPEST_TUNNEL,
  enterDatagram,
  enterProtocol,
  GRE_PORT,
  GRE_PROTOCOL,
  INSIDE,
  isGre,
  NO_TUNNEL,
  NOT_A_TUNNEL,
  ODD_BUBBLE,
  OUTSIDE,
  TUNNEL_SERVICES,
  tunnelOfPayload,
  tunnelOfPort,
  tunnelOfProtocol,
} from './layers/tunnels.ts';
import { Parts } from './parts.ts';

export type * from './face.ts';

const C = 0x43;
const X = 0x58;

export class Engine implements EngineFace {
  readonly #parts: Parts;
  readonly #checks: boolean;
  readonly #isVlanAware: boolean;
  readonly #packet: Packet;
  readonly #table: FlowTable;
  readonly #history: History;
  readonly #weirds: Weirds;
  readonly #flowWeirds: FlowWeirds;
  readonly #ip: IpLayer;
  readonly #applications: Applications;
  readonly #tcp: TcpTracker;
  readonly #datagrams: DatagramTracker;
  readonly #tunnels: Encapsulation;
  readonly #lifetimes: Lifetimes;
  readonly #opener: Opener;
  /** Tells of a packet outside of any connection. */
  readonly #weird: PacketWeird;
  /** Which tunnel the packet came through, 0 = none. */
  #mark = 0;
  #packets = 0;
  #bytes = 0;
  #notIp = 0;
  #malformed = 0;

  constructor(options: EngineOptions, take: Emit, dissectors: readonly Dissector[]) {
    const emit = options.findings === false ? take : withFindings(take, options.internal);
    const weirds = new Weirds(emit);
    this.#weirds = weirds;
    this.#weird = (p, ...rest) => {
      this.#malformed++;
      weirds.packet(p, ...rest);
    };
    const parts = new Parts(options, emit, dissectors, weirds, this.#weird);
    this.#parts = parts;
    this.#packet = parts.packet;
    this.#checks = options.checksums === 'check';
    this.#isVlanAware = options.vlanAware === true;
    this.#table = parts.table;
    this.#history = parts.history;
    this.#flowWeirds = parts.flowWeirds;
    this.#ip = parts.ip;
    this.#applications = parts.applications;
    this.#tcp = parts.tcp;
    this.#datagrams = parts.datagrams;
    this.#tunnels = parts.tunnels;
    this.#lifetimes = parts.lifetimes;
    this.#opener = parts.opener;
  }

  /** What was counted since the engine was made; the tables' sizes are as of now. */
  get counters(): Readonly<Record<string, number>> {
    return {
      packets: this.#packets,
      bytes: this.#bytes,
      not_ip: this.#notIp,
      malformed: this.#malformed,
      ...this.#parts.counters,
    };
  }

  packet(
    bytes: Uint8Array,
    offset: number,
    caplen: number,
    wirelen: number,
    ts: number,
    linktype: number,
  ): void {
    const p = this.#packet;
    p.bytes = bytes;
    p.frame = bytes;
    p.ts = ts;
    p.end = offset + caplen;
    p.cut = wirelen > caplen ? wirelen - caplen : 0;
    this.#packets++;
    this.#bytes += wirelen;
    this.#applications.ts = ts;
    if (ts >= this.#lifetimes.nextSweep) this.#sweep(ts);
    findNetworkLayer(p, offset, linktype);
    if (p.nextFrameAt < 0) this.#readNetwork(p);
    else this.#readFrames(p);
  }

  advance(ts: number): void {
    if (ts < this.#packet.ts) return;
    this.#packet.ts = ts;
    this.#applications.ts = ts;
    this.#sweep(ts);
  }

  finish(): void {
    this.#lifetimes.endAll();
    this.#applications.expire(Number.POSITIVE_INFINITY);
    this.#parts.fragments.clear();
  }

  #sweep(ts: number): void {
    this.#lifetimes.sweep(ts);
    this.#applications.expire(ts);
    this.#parts.fragments.expire(ts);
  }

  /** Reads the frames of an aggregate one by one. */
  #readFrames(p: Packet): void {
    const { bytes, end, cut } = p;
    for (let isThere = true; isThere; ) {
      const next = p.nextFrameAt;
      this.#readNetwork(p);
      p.bytes = bytes;
      p.frame = bytes;
      p.end = end;
      p.cut = cut;
      isThere = findNextFrame(p, next);
    }
  }

  /** Reads from the network layer on; an inner packet comes here again. */
  #readNetwork(p: Packet): void {
    if (p.etherType !== IPV4 && p.etherType !== IPV6) {
      this.#otherNetwork(p);
      return;
    }
    if (p.oddity !== '') this.#tellOddity(p);
    if (this.#isVlanAware) p.network = networkNumber(p);
    if (!this.#ip.read(p)) return;
    switch (p.ipProto) {
      case TCP:
        this.#readTcp(p);
        break;
      case UDP:
        this.#readUdp(p);
        break;
      case ICMP:
      case ICMP6:
        this.#readIcmp(p);
        break;
      default:
        this.#readOther(p);
    }
  }

  #otherNetwork(p: Packet): void {
    this.#notIp++;
    if (p.oddity !== '') this.#tellOddity(p);
  }

  /** What is odd about the link layer does not always keep the packet from being read. */
  #tellOddity(p: Packet): void {
    this.#weird(p, p.oddity, p.oddityDetail, p.odditySource);
  }

  /** True if the transport header of `least` bytes is there. */
  #hasHeader(p: Packet, least: number): boolean {
    if (p.length >= least && p.captured >= least) return true;
    const name = p.length > 0 && p.length < least ? 'truncated_header' : 'internally_truncated_header';
    this.#weird(p, name, '', p.ipProto === TCP ? 'TCP' : p.ipProto === UDP ? 'UDP' : 'ICMP', true);
    return false;
  }

  #readTcp(p: Packet): void {
    if (!this.#hasHeader(p, 20)) return;
    const b = p.bytes;
    const at = p.at;
    p.srcPort = (b[at]! << 8) | b[at + 1]!;
    p.dstPort = (b[at + 2]! << 8) | b[at + 3]!;
    const scope = USED | TCP;
    const table = this.#table;
    let flow = this.#find(p, scope);
    if (flow >= 0 && (b[at + 13]! & SYN) !== 0 && this.#tcp.isReuse(p, flow)) {
      this.#lifetimes.end(flow);
      table.find(p, scope);
      flow = -1;
    }
    const header = (b[at + 12]! >> 4) << 2;
    const isBroken = header < 20 || header > p.length || header > p.captured;
    if (flow < 0) flow = this.#opener.openTcp(p, scope, isBroken);
    const fromOriginator = table.fromOriginator;
    if (isBroken) {
      this.#flowWeirds.tell(flow, header < 20 ? 'bad_TCP_header_len' : 'truncated_header', '', 'TCP');
      return;
    }
    if (this.#checks && p.captured >= p.length && !transportChecksumHolds(p, TCP)) {
      this.#flowWeirds.tell(flow, 'bad_TCP_checksum', '', 'TCP');
      const e = (flow << FLOW_SHIFT) + (fromOriginator ? ORIG : RESP);
      this.#history.scaled(flow, e + BAD_SUMS, C);
      return;
    }
    const payload = p.length - header;
    const isOpen = this.#tcp.segment(p, flow, fromOriginator, at + header, payload, p.captured - header);
    this.#count(p, (flow << FLOW_SHIFT) + (table.fromOriginator ? ORIG : RESP));
    if (isOpen) table.deadlines[flow] = p.ts + TCP_IDLE;
    else setTcpDeadline(table, flow);
  }

  #readUdp(p: Packet): void {
    if (!this.#hasHeader(p, 8)) return;
    const b = p.bytes;
    p.srcPort = (b[p.at]! << 8) | b[p.at + 1]!;
    p.dstPort = (b[p.at + 2]! << 8) | b[p.at + 3]!;
    const scope = USED | UDP;
    let flow = this.#find(p, scope);
    if (flow < 0) flow = this.#opener.openUdp(p, scope);
    const { fromOriginator } = this.#table;
    if (!this.#datagrams.udp(p, flow, fromOriginator)) return;
    this.#count(p, (flow << FLOW_SHIFT) + (fromOriginator ? ORIG : RESP));
    if (!this.#readTunnelled(p, flow)) this.#datagrams.payload(p, flow, fromOriginator);
  }

  /** Reads the packet inside a datagram; false if it is no tunnel. */
  #readTunnelled(p: Packet, flow: number): boolean {
    const w = this.#table.words;
    const base = flow << FLOW_SHIFT;
    const from = p.at + 8;
    const to = p.at + Math.min(p.length, p.captured);
    let kind = w[base + TUNNEL_KIND]!;
    if (kind === NOT_A_TUNNEL) return false;
    if (kind === NO_TUNNEL) {
      const port = w[base + PORTS]! & 0xffff;
      if (port === GRE_PORT && isGre(p.bytes, from, to)) {
        this.#readGreInUdp(p);
        return true;
      }
      kind = tunnelOfPort(port);
      if (kind === NO_TUNNEL) kind = tunnelOfPayload(p.bytes, from, to);
      if (kind === NO_TUNNEL) return false;
    }
    return this.#enterTunnel(p, flow, kind);
  }

  /** GRE keeps its identity in UDP: that of its addresses. */
  #readGreInUdp(p: Packet): void {
    p.at += 8;
    p.length -= 8;
    p.captured -= 8;
    p.ipProto = GRE_PROTOCOL;
    this.#readOther(p);
  }

  #readIcmp(p: Packet): void {
    if (!this.#hasHeader(p, 8)) return;
    const type = p.bytes[p.at]!;
    const pair = counterpart(type, p.ipProto === ICMP6);
    p.srcPort = type;
    p.dstPort = pair >= 0 ? pair : p.bytes[p.at + 1]!;
    const scope = USED | p.ipProto | (pair >= 0 ? 0 : ONE_WAY);
    let flow = this.#find(p, scope);
    if (flow < 0) flow = this.#opener.open(p, scope);
    const { fromOriginator } = this.#table;
    if (!this.#datagrams.icmp(p, flow, fromOriginator)) return;
    this.#count(p, (flow << FLOW_SHIFT) + (this.#table.fromOriginator ? ORIG : RESP));
  }

  #readOther(p: Packet): void {
    if (p.ipProto === IGMP) {
      checkIgmp(p, this.#weird);
      return;
    }
    p.srcPort = 0;
    p.dstPort = 0;
    if (p.ipProto === SCTP) readSctpPorts(p);
    const scope = USED | p.ipProto;
    let flow = this.#find(p, scope);
    if (flow < 0) flow = this.#opener.open(p, scope);
    this.#count(p, (flow << FLOW_SHIFT) + (this.#table.fromOriginator ? ORIG : RESP));
    this.#datagrams.other(p, flow);
    const kind = tunnelOfProtocol(p.ipProto);
    if (kind !== NO_TUNNEL && this.#enterTunnel(p, flow, kind))
      this.#table.deadlines[flow] = p.ts + TUNNEL_IDLE;
  }

  /** Reads the packet inside a packet of this flow; false if there is none. */
  #enterTunnel(p: Packet, flow: number, kind: number): boolean {
    const service = TUNNEL_SERVICES[kind]!;
    if (this.#tunnels.depth === DEEPEST_TUNNEL) {
      if (service !== '') this.#history.once(flow, SEEN_LIMIT, X, true);
      this.#weird(
        p,
        'exceeded_tunnel_max_depth',
        '',
        service === '' ? 'IPTUNNEL' : service.toUpperCase(),
        true,
      );
      return false;
    }
    const outcome =
      service === '' ? enterProtocol(p, kind, this.#weird) : enterDatagram(p, kind, this.#weird);
    if (outcome === OUTSIDE) return false;
    const at = (flow << FLOW_SHIFT) + TUNNEL_KIND;
    const w = this.#table.words;
    if (outcome === BROKEN) {
      if (w[at] === NO_TUNNEL && service !== '') w[at] = NOT_A_TUNNEL;
      return false;
    }
    if (w[at] !== kind && service !== '') this.#applications.confirm(flow, service);
    w[at] = kind;
    if (outcome === ODD_BUBBLE) this.#flowWeirds.tell(flow, 'Teredo_bubble_with_payload', '', 'TEREDO');
    if (outcome === INSIDE) this.#readInner(p, flow);
    return true;
  }

  #readInner(p: Packet, flow: number): void {
    this.#mark = this.#tunnels.enter(flow);
    this.#weirds.isInTunnel = true;
    if (p.nextFrameAt < 0) this.#readNetwork(p);
    else this.#readFrames(p);
    this.#mark = this.#tunnels.leave();
    if (this.#tunnels.depth > 0) return;
    this.#weirds.isInTunnel = false;
    p.vni = 0;
  }

  /** The open flow of a packet, or -1. */
  #find(p: Packet, scope: number): number {
    const table = this.#table;
    const flow = table.find(p, scope);
    if (flow >= 0 && p.ts < table.deadlines[flow]! && this.#mark === markOf(table.words, flow)) return flow;
    return flow < 0 ? flow : this.#revisit(p, scope, flow);
  }

  /** Ends a flow whose time is up; notes that one goes on through another tunnel, or has left its tunnel. */
  #revisit(p: Packet, scope: number, flow: number): number {
    const table = this.#table;
    if (p.ts >= table.deadlines[flow]!) {
      this.#lifetimes.end(flow);
      table.find(p, scope);
      return -1;
    }
    if (!this.#tunnels.change(flow, p.ts)) this.#history.once(flow, SEEN_LIMIT, X, true);
    return flow;
  }

  #count(p: Packet, e: number): void {
    const { words: w, floats } = this.#table;
    w[e + PACKETS] = w[e + PACKETS]! + 1;
    floats[(e + IP_BYTES) >> 1] = floats[(e + IP_BYTES) >> 1]! + p.ipLength;
    if ((w[e + BITS]! & HAS_MAC) === 0 && p.macAt >= 0) noteMac(w, p, e);
  }
}
