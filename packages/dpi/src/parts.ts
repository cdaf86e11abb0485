/** The parts of an engine, wired to each other: what keeps flows, streams, applications and records. */
import { Applications } from './applications/applications.ts';
import type { Dissector, OnDemand } from './dissector.ts';
import type { Emit, EngineLimits, EngineOptions } from './face.ts';
import { NO_FILE_OPTIONS } from './files/transfer.ts';
import { Addresses } from './flows/addresses.ts';
import { DatagramTracker } from './flows/datagrams.ts';
import { Encapsulation } from './flows/encapsulation.ts';
import { History } from './flows/history.ts';
import { FLOW_SHIFT, ORIG, RESP } from './flows/layout.ts';
import { Lifetimes } from './flows/lifetimes.ts';
import { Opener } from './flows/opener.ts';
import { ConnRecords } from './flows/records.ts';
import { FlowTable } from './flows/table.ts';
import { TcpTracker } from './flows/tcp.ts';
import { FlowWeirds, type Weirds } from './flows/weirds.ts';
import { IpLayer, type PacketWeird } from './layers/ip.ts';
import { Packet } from './layers/packet.ts';
import { Defragmenter } from './reassembly/fragments.ts';
import { Segments } from './reassembly/segments.ts';
import { StreamReassembly } from './reassembly/stream.ts';

const DEFAULT_ON_DEMAND = ['smb_writes'] as const;

const DEFAULT_LIMITS: EngineLimits = {
  flows: 262_144,
  fragments: 1_024,
  outOfOrderBytes: 1_048_576,
  messageBytes: 262_144,
};
const CARET = 0x5e;

export class Parts {
  /** The packet that is being read. */
  readonly packet = new Packet();
  readonly table: FlowTable;
  readonly history: History;
  readonly weirds: Weirds;
  readonly flowWeirds: FlowWeirds;
  readonly fragments: Defragmenter;
  readonly ip: IpLayer;
  readonly segments: Segments;
  readonly applications: Applications;
  readonly streams: StreamReassembly;
  readonly tcp: TcpTracker;
  readonly datagrams: DatagramTracker;
  readonly records: ConnRecords;
  readonly tunnels: Encapsulation;
  readonly lifetimes: Lifetimes;
  readonly opener: Opener;

  /** `packetWeird` tells of packets outside of any connection. */
  constructor(
    options: EngineOptions,
    emit: Emit,
    dissectors: readonly Dissector[],
    weirds: Weirds,
    packetWeird: PacketWeird,
  ) {
    const limits = { ...DEFAULT_LIMITS, ...options.limits };
    const checks = options.checksums === 'check';
    const wantsOwn = options.ownColumns ?? true;
    const table = new FlowTable(limits.flows);
    const history = new History(table);
    const records = new ConnRecords(table, history, new Addresses(options.internal), wantsOwn);
    const flowWeirds = new FlowWeirds(weirds, table, history, records, this.packet);
    const flip = (flow: number) => this.#flip(flow);
    const weird = flowWeirds.tell.bind(flowWeirds);
    this.table = table;
    this.history = history;
    this.records = records;
    this.weirds = weirds;
    this.flowWeirds = flowWeirds;
    this.fragments = new Defragmenter(limits.fragments, packetWeird);
    this.ip = new IpLayer(checks, this.fragments, packetWeird);
    this.segments = new Segments(limits.outOfOrderBytes);
    const host = {
      wantsOwn,
      onDemand: new Set<OnDemand>(options.onDemand ?? DEFAULT_ON_DEMAND),
      files: options.files ?? NO_FILE_OPTIONS,
      identify: (flow: number) => records.identify(flow),
      payload: (flow: number) => records.payload(flow, ORIG) + records.payload(flow, RESP),
      flip,
      emit,
      weird: flowWeirds.tellOf.bind(flowWeirds),
    };
    this.applications = new Applications(table, host, dissectors, limits.messageBytes);
    this.streams = new StreamReassembly(table, history, this.segments, this.applications);
    this.tcp = new TcpTracker(table, history, this.streams, weird, flip);
    this.datagrams = new DatagramTracker(table, history, this.applications, weird, packetWeird, checks);
    this.tunnels = new Encapsulation(table, records, emit);
    const { updateEvery = 0 } = options;
    this.lifetimes = new Lifetimes(table, records, this.applications, this.tunnels, emit, updateEvery);
    this.lifetimes.onEnd = (flow) => this.#drop(flow);
    this.opener = new Opener(table, this.lifetimes, this.tunnels, weirds, flip);
  }

  /** What is counted since the engine was made; the tables' sizes are as of now. */
  get counters(): Record<string, number> {
    return {
      flows_opened: this.opener.opened,
      flows_open: this.table.size,
      flows_evicted: this.lifetimes.evicted,
      fragments_waiting: this.fragments.waiting,
      fragments_dropped: this.fragments.dropped,
      out_of_order_bytes: this.segments.held,
      out_of_order_overruns: this.streams.overruns,
      messages_oversized: this.applications.oversized,
      sessions_opened: this.applications.opened,
      weirds_held_back: this.weirds.heldBack,
      faults: this.applications.faults,
    };
  }

  /** Forgets what a flow that has ended still holds outside of the table. */
  #drop(flow: number): void {
    this.streams.drop(flow);
    this.history.drop(flow);
    this.records.drop(flow);
    this.flowWeirds.drop(flow);
  }

  /** Makes the responder the originator. */
  #flip(flow: number): void {
    const base = flow << FLOW_SHIFT;
    this.table.flip(flow);
    this.segments.swap(base + ORIG, base + RESP);
    this.history.add(flow, CARET, true);
    this.applications.turn(flow);
  }
}
