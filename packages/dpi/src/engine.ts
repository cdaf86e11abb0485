/** The dissection engine: packets in, records out. No I/O, no clock, no timers; time comes with the packets. */
import { Applications } from './applications/applications.ts';
import type { Dissector } from './dissector.ts';
import type { Emit, EngineFace, EngineLimits, EngineOptions } from './face.ts';
import { NO_FILE_OPTIONS } from './files/transfer.ts';
import { Addresses } from './flows/addresses.ts';
import { DatagramTracker } from './flows/datagrams.ts';
import { History, SEEN_LIMIT } from './flows/history.ts';
import { counterpart } from './flows/icmp.ts';
import { checkIcmp6 } from './flows/icmp6.ts';
import type { Identity } from './flows/identity.ts';
import {
  BAD_SUMS,
  BITS,
  FLAGS,
  FLOW_SHIFT,
  HAS_MAC,
  HIGH_SEQ,
  IP_BYTES,
  LAST_F,
  MAC_HIGH,
  MAC_LOW,
  NEXT_SEQ,
  ONE_WAY,
  ORIG,
  PACKETS,
  PROTOCOL,
  RESP,
  START_F,
  TOLD_WEIRD,
  TRIM_SEQ,
  USED,
  VLAN,
} from './flows/layout.ts';
import { Lifetimes } from './flows/lifetimes.ts';
import { ConnRecords, ICMP, ICMP6, TCP, UDP } from './flows/records.ts';
import { looksLikeTcpReply, looksLikeUdpReply } from './flows/server-ports.ts';
import { FlowTable } from './flows/table.ts';
import { TcpTracker } from './flows/tcp.ts';
import { ACK, SYN } from './flows/tcp-flags.ts';
import { SHORT_IDLE, setTcpDeadline, TCP_IDLE } from './flows/timeouts.ts';
import { Weirds } from './flows/weirds.ts';
import { plainChecksumHolds, transportChecksumHolds } from './layers/checksum.ts';
import { IpLayer } from './layers/ip.ts';
import { findNetworkLayer, IPV4, IPV6 } from './layers/link.ts';
import { Packet } from './layers/packet.ts';
import {
  DEEPEST_TUNNEL,
  enterDatagram,
  enterProtocol,
  GENEVE_PORT,
  isTunnelProtocol,
  tunnelName,
  VXLAN_PORT,
} from './layers/tunnels.ts';
import { Defragmenter } from './reassembly/fragments.ts';
import { Segments } from './reassembly/segments.ts';
import { StreamReassembly } from './reassembly/stream.ts';

export type * from './face.ts';

const DEFAULT_LIMITS: EngineLimits = {
  flows: 262_144,
  fragments: 1_024,
  outOfOrderBytes: 1_048_576,
  messageBytes: 262_144,
};

const IGMP = 2;
const CARET = 0x5e;
const C = 0x43;
const X = 0x58;

export class Engine implements EngineFace {
  readonly #checks: boolean;
  readonly #isVlanAware: boolean;
  readonly #packet = new Packet();
  readonly #table: FlowTable;
  readonly #history: History;
  readonly #weirds: Weirds;
  readonly #fragments: Defragmenter;
  readonly #ip: IpLayer;
  readonly #segments: Segments;
  readonly #applications: Applications;
  readonly #streams: StreamReassembly;
  readonly #tcp: TcpTracker;
  readonly #datagrams: DatagramTracker;
  readonly #records: ConnRecords;
  readonly #lifetimes: Lifetimes;
  /** Tunnels around the packet that is read, and the uid of the innermost. */
  #depth = 0;
  #tunnel: string | undefined;
  #packets = 0;
  #bytes = 0;
  #notIp = 0;
  #malformed = 0;
  #flowsOpened = 0;

  constructor(options: EngineOptions, emit: Emit, dissectors: readonly Dissector[]) {
    const limits = { ...DEFAULT_LIMITS, ...options.limits };
    const wantsOwn = options.ownColumns ?? true;
    this.#checks = options.checksums === 'check';
    this.#isVlanAware = options.vlanAware === true;
    const table = new FlowTable(limits.flows);
    this.#table = table;
    this.#history = new History(table);
    this.#weirds = new Weirds(emit);
    const weird = this.#weirds.packet.bind(this.#weirds);
    this.#fragments = new Defragmenter(limits.fragments, weird);
    this.#ip = new IpLayer(this.#checks, this.#fragments, (p, ...rest) => {
      this.#malformed++;
      weird(p, ...rest);
    });
    this.#segments = new Segments(limits.outOfOrderBytes);
    this.#records = new ConnRecords(table, this.#history, new Addresses(options.internal), wantsOwn);
    const host = {
      wantsOwn,
      files: options.files ?? NO_FILE_OPTIONS,
      identify: (flow: number) => this.#records.identify(flow),
      payload: (flow: number) => this.#records.payload(flow, ORIG) + this.#records.payload(flow, RESP),
      flip: (flow: number) => this.#flip(flow),
      emit,
      weird: this.#tellWeird.bind(this),
    };
    this.#applications = new Applications(table, host, dissectors, limits.messageBytes);
    this.#streams = new StreamReassembly(table, this.#history, this.#segments, this.#applications);
    const flowWeird = this.#flowWeird.bind(this);
    this.#tcp = new TcpTracker(table, this.#history, this.#streams, flowWeird, host.flip);
    this.#datagrams = new DatagramTracker(table, this.#history, this.#applications, flowWeird, this.#checks);
    this.#lifetimes = new Lifetimes(table, this.#records, this.#applications, emit, options.updateEvery ?? 0);
    this.#lifetimes.onEnd = (flow) => {
      this.#streams.drop(flow);
      this.#history.drop(flow);
      this.#records.drop(flow);
    };
  }

  /** What was counted since the engine was made; the tables' sizes are as of now. */
  get counters(): Readonly<Record<string, number>> {
    return {
      packets: this.#packets,
      bytes: this.#bytes,
      not_ip: this.#notIp,
      malformed: this.#malformed,
      flows_opened: this.#flowsOpened,
      flows_open: this.#table.size,
      flows_evicted: this.#lifetimes.evicted,
      fragments_waiting: this.#fragments.waiting,
      fragments_dropped: this.#fragments.dropped,
      out_of_order_bytes: this.#segments.held,
      out_of_order_overruns: this.#streams.overruns,
      messages_oversized: this.#applications.oversized,
      sessions_opened: this.#applications.opened,
      weirds_held_back: this.#weirds.heldBack,
      faults: this.#applications.faults,
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
    this.#depth = 0;
    this.#readNetwork(p);
  }

  advance(ts: number): void {
    if (ts < this.#packet.ts) return;
    this.#packet.ts = ts;
    this.#applications.ts = ts;
    this.#sweep(ts);
  }

  finish(): void {
    this.#lifetimes.endAll();
    this.#fragments.clear();
  }

  #sweep(ts: number): void {
    this.#lifetimes.sweep(ts);
    this.#fragments.expire(ts);
  }

  /** Reads from the network layer on; an inner packet comes here again. */
  #readNetwork(p: Packet): void {
    if (p.etherType !== IPV4 && p.etherType !== IPV6) {
      this.#otherNetwork(p);
      return;
    }
    if (p.oddity !== '') this.#tellOddity(p);
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
    this.#malformed++;
    this.#weirds.packet(p, p.oddity, p.oddityDetail, p.odditySource);
  }

  /** True if the transport header of `least` bytes is there. */
  #hasHeader(p: Packet, least: number): boolean {
    if (p.length >= least && p.captured >= least) return true;
    this.#malformed++;
    const name = p.length > 0 && p.length < least ? 'truncated_header' : 'internally_truncated_header';
    this.#weirds.packet(p, name, '', p.ipProto === TCP ? 'TCP' : p.ipProto === UDP ? 'UDP' : 'ICMP', true);
    return false;
  }

  #readTcp(p: Packet): void {
    if (!this.#hasHeader(p, 20)) return;
    const b = p.bytes;
    const at = p.at;
    p.srcPort = (b[at]! << 8) | b[at + 1]!;
    p.dstPort = (b[at + 2]! << 8) | b[at + 3]!;
    const scope = this.#scopeOf(p, TCP);
    const table = this.#table;
    let flow = this.#find(p, scope);
    if (flow >= 0 && (b[at + 13]! & SYN) !== 0 && this.#tcp.isReuse(p, flow)) {
      this.#lifetimes.end(flow);
      table.find(p, scope);
      flow = -1;
    }
    const header = (b[at + 12]! >> 4) << 2;
    const isBroken = header < 20 || header > p.length || header > p.captured;
    if (flow < 0) flow = this.#openTcp(p, scope, isBroken);
    const fromOriginator = table.fromOriginator;
    if (isBroken) {
      this.#flowWeird(flow, header < 20 ? 'bad_TCP_header_len' : 'truncated_header', '', 'TCP');
      return;
    }
    if (this.#checks && p.captured >= p.length && !transportChecksumHolds(p, TCP)) {
      this.#flowWeird(flow, 'bad_TCP_checksum', '', 'TCP');
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

  #openTcp(p: Packet, scope: number, isBroken: boolean): number {
    const flow = this.#open(p, scope);
    const base = flow << FLOW_SHIFT;
    for (const e of [base + ORIG, base + RESP]) {
      this.#table.words[e + NEXT_SEQ] = 1;
      this.#table.words[e + TRIM_SEQ] = 1;
      this.#table.words[e + HIGH_SEQ] = 1;
    }
    const flags = p.bytes[p.at + 13]!;
    const isSyn = (flags & SYN) !== 0;
    const isOpening = isSyn && (flags & ACK) === 0;
    if (!isBroken && !isOpening && looksLikeTcpReply(p.srcPort, p.dstPort, isSyn)) this.#flip(flow);
    return flow;
  }

  #readUdp(p: Packet): void {
    if (!this.#hasHeader(p, 8)) return;
    const b = p.bytes;
    p.srcPort = (b[p.at]! << 8) | b[p.at + 1]!;
    p.dstPort = (b[p.at + 2]! << 8) | b[p.at + 3]!;
    const scope = this.#scopeOf(p, UDP);
    let flow = this.#find(p, scope);
    if (flow < 0) {
      flow = this.#open(p, scope);
      if (looksLikeUdpReply(p.srcPort, p.dstPort) && p.dst3 !== -1) this.#flip(flow);
    }
    const { fromOriginator } = this.#table;
    if (!this.#datagrams.udp(p, flow, fromOriginator)) return;
    this.#count(p, (flow << FLOW_SHIFT) + (this.#table.fromOriginator ? ORIG : RESP));
    if (p.dstPort === VXLAN_PORT || p.dstPort === GENEVE_PORT) this.#enterTunnel(p, flow);
  }

  #readIcmp(p: Packet): void {
    if (!this.#hasHeader(p, 8)) return;
    const type = p.bytes[p.at]!;
    const pair = counterpart(type, p.ipProto === ICMP6);
    p.srcPort = type;
    p.dstPort = pair >= 0 ? pair : p.bytes[p.at + 1]!;
    const scope = this.#scopeOf(p, p.ipProto) | (pair >= 0 ? 0 : ONE_WAY);
    let flow = this.#find(p, scope);
    if (flow < 0) flow = this.#open(p, scope);
    const { fromOriginator } = this.#table;
    if (!this.#datagrams.icmp(p, flow, fromOriginator)) return;
    if (p.ipProto === ICMP6 && type >= 133) this.#checkIcmp6(p, flow);
    this.#count(p, (flow << FLOW_SHIFT) + (this.#table.fromOriginator ? ORIG : RESP));
  }

  #checkIcmp6(p: Packet, flow: number): void {
    checkIcmp6(p.bytes, p.at, p.at + Math.min(p.length, p.captured), (name, isLoose, detail) => {
      if (isLoose) this.#weirds.packet(p, name, detail, 'ICMP');
      else this.#flowWeird(flow, name, '', 'ICMP');
    });
  }

  #readOther(p: Packet): void {
    if (p.ipProto === IGMP) {
      if (p.captured >= p.length && p.length >= 8 && !plainChecksumHolds(p)) {
        this.#weirds.packet(p, 'igmp_invalid_checksum', '', 'IGMP', true);
      }
      return;
    }
    p.srcPort = 0;
    p.dstPort = 0;
    const scope = this.#scopeOf(p, p.ipProto);
    let flow = this.#find(p, scope);
    if (flow < 0) flow = this.#open(p, scope);
    this.#count(p, (flow << FLOW_SHIFT) + (this.#table.fromOriginator ? ORIG : RESP));
    this.#datagrams.other(p, flow);
    if (isTunnelProtocol(p.ipProto)) this.#enterTunnel(p, flow);
  }

  /** Reads the packet inside a packet of this flow. */
  #enterTunnel(p: Packet, flow: number): void {
    if (this.#depth === DEEPEST_TUNNEL) {
      this.#history.once(flow, SEEN_LIMIT, X, this.#table.fromOriginator);
      this.#weirds.packet(p, 'exceeded_tunnel_max_depth', '', '', true);
      return;
    }
    const name = p.ipProto === UDP ? tunnelName(p.dstPort) : '';
    if (!(p.ipProto === UDP ? enterDatagram(p) : enterProtocol(p))) {
      if (name === 'geneve') this.#weirds.packet(p, 'geneve_empty_packet', '', 'GENEVE', true);
      return;
    }
    if (name !== '') this.#applications.confirm(flow, name);
    this.#depth++;
    this.#tunnel = this.#records.identify(flow).uid;
    this.#readNetwork(p);
    this.#tunnel = undefined;
  }

  #scopeOf(p: Packet, proto: number): number {
    return this.#isVlanAware ? USED | proto | (p.vlan << 16) : USED | proto;
  }

  /** The open flow of a packet, or -1; one whose time is up is ended first. */
  #find(p: Packet, scope: number): number {
    const table = this.#table;
    const flow = table.find(p, scope);
    if (flow < 0 || p.ts < table.deadlines[flow]!) return flow;
    this.#lifetimes.end(flow);
    table.find(p, scope);
    return -1;
  }

  #open(p: Packet, scope: number): number {
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
    table.words[base + VLAN] = p.vlan;
    this.#lifetimes.begin(flow, p.ts);
    if (this.#tunnel !== undefined) this.#records.setTunnel(flow, this.#tunnel);
    this.#flowsOpened++;
    return flow;
  }

  #count(p: Packet, e: number): void {
    const { words: w, floats } = this.#table;
    w[e + PACKETS] = w[e + PACKETS]! + 1;
    floats[(e + IP_BYTES) >> 1] = floats[(e + IP_BYTES) >> 1]! + p.ipLength;
    if ((w[e + BITS]! & HAS_MAC) === 0 && p.macAt >= 0) this.#noteMac(p, e);
  }

  #noteMac(p: Packet, e: number): void {
    const w = this.#table.words;
    const b = p.frame;
    const at = p.macAt;
    w[e + MAC_HIGH] = (b[at]! << 8) | b[at + 1]!;
    w[e + MAC_LOW] = (b[at + 2]! << 24) | (b[at + 3]! << 16) | (b[at + 4]! << 8) | b[at + 5]!;
    w[e + BITS] = w[e + BITS]! | HAS_MAC;
  }

  #flip(flow: number): void {
    const base = flow << FLOW_SHIFT;
    this.#table.flip(flow);
    this.#segments.swap(base + ORIG, base + RESP);
    this.#history.add(flow, CARET, true);
    this.#applications.turn(flow);
  }

  /** A weird of a connection, once per name and connection. */
  #flowWeird(flow: number, name: string, detail?: string, source?: string): void {
    if (!this.#lifetimes.tellsFirst(flow, name)) return;
    this.#tellWeird(flow, this.#records.identify(flow), name, detail, source);
  }

  #tellWeird(flow: number, id: Identity, name: string, detail?: string, source?: string): void {
    const at = (flow << FLOW_SHIFT) + FLAGS;
    this.#table.words[at] = this.#table.words[at]! | TOLD_WEIRD;
    // These tell of a limit of ours: what follows of the connection may be missing.
    if (name.startsWith('exceeded_')) this.#history.once(flow, SEEN_LIMIT, X, this.#table.fromOriginator);
    const { ts } = this.#packet;
    this.#weirds.connection(id, ts, name, detail, source);
  }
}
