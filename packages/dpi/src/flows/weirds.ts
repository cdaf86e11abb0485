/** Weird records, held back where they repeat: once per name and connection in ten minutes, and only so many of a name. */
import { formatAddress, type Weird } from '@thymus/core';
import type { Emit } from '../face.ts';
import type { Packet } from '../layers/packet.ts';
import { type History, SEEN_LIMIT } from './history.ts';
import type { Identity } from './identity.ts';
import { FLAGS, FLOW_SHIFT, TOLD_WEIRD } from './layout.ts';
import type { ConnRecords } from './records.ts';
import type { FlowTable } from './table.ts';

/** Tells of a connection that breaks its protocol. */
export type FlowWeird = (flow: number, name: string, detail?: string, source?: string) => void;

/** A name is told once about the same connection or pair of addresses within a span. */
const SPAN = 600_000;
/** What is remembered of a span; when it is full, all is forgotten. */
const MOST_TOLD = 16_384;
/** So many rows of one name are written within a span; after that every thousandth is. */
const MOST_OF_NAME = 1_000;
/** Not worth a row: ordinary traffic at the edge of a capture. Zeek ignores the same. */
const ORDINARY = new Set([
  'unsolicited_SYN_response',
  'FIN_after_reset',
  'spontaneous_FIN',
  'spontaneous_RST',
]);

/** What names of packets inside a tunnel end in, as in Zeek. */
const IN_TUNNEL = '_in_tunnel';
/** Different oddities that one flow may tell. */
const MOST_OF_FLOW = 32;
const X = 0x58;

export class Weirds {
  /** Rows that were held back. */
  heldBack = 0;
  /** The packet that is being read is inside a tunnel. */
  isInTunnel = false;
  readonly #emit: Emit;
  readonly #told = new Set<string>();
  readonly #counts = new Map<string, number>();
  #since = 0;

  constructor(emit: Emit) {
    this.#emit = emit;
  }

  #allows(name: string, about: string, ts: number): boolean {
    if (ORDINARY.has(name)) return false;
    if (Math.abs(ts - this.#since) > SPAN || this.#told.size >= MOST_TOLD) {
      this.#told.clear();
      this.#counts.clear();
      this.#since = ts;
    }
    const key = `${name} ${about}`;
    const count = (this.#counts.get(name) ?? 0) + 1;
    const isFirst = !this.#told.has(key);
    if (isFirst) this.#counts.set(name, count);
    this.#told.add(key);
    if (isFirst && (count <= MOST_OF_NAME || count % MOST_OF_NAME === 0)) return true;
    this.heldBack++;
    return false;
  }

  /** A packet that breaks its protocol before it belongs to a connection. */
  packet(p: Packet, plainName: string, detail?: string, source?: string, hasAddresses = false): void {
    const name = this.isInTunnel ? plainName + IN_TUNNEL : plainName;
    const source_ip = hasAddresses ? textOf(p.src0, p.src1, p.src2, p.src3) : '';
    const dest_ip = hasAddresses ? textOf(p.dst0, p.dst1, p.dst2, p.dst3) : '';
    if (!this.#allows(name, `${source_ip} ${dest_ip}`, p.ts)) return;
    const row: Weird = { kind: 'weird', ts: p.ts, name, notice: false };
    if (hasAddresses) Object.assign(row, { source_ip, source_port: 0, dest_ip, dest_port: 0 });
    if (detail) row.addl = detail;
    if (source) row.source = source;
    this.#emit(row);
  }

  /** A connection that breaks its protocol. */
  connection(id: Identity, ts: number, name: string, detail?: string, source?: string): void {
    const { uid, source_ip, source_port, dest_ip, dest_port } = id;
    if (!this.#allows(name, uid, ts)) return;
    const row: Weird = {
      kind: 'weird',
      ts,
      uid,
      source_ip,
      source_port,
      dest_ip,
      dest_port,
      name,
      notice: false,
    };
    if (detail) row.addl = detail;
    if (source) row.source = source;
    this.#emit(row);
  }

  /** Something about the engine itself, such as a full table. */
  self(ts: number, name: string, detail: string): void {
    if (this.#allows(name, '', ts)) this.#emit({ kind: 'weird', ts, name, addl: detail, notice: false });
  }
}

/** Weirds of flows: each name once. */
export class FlowWeirds {
  readonly #weirds: Weirds;
  readonly #table: FlowTable;
  readonly #history: History;
  readonly #records: ConnRecords;
  readonly #packet: Packet;
  readonly #told = new Map<number, Set<string>>();

  /** `packet` is the one that is being read. */
  constructor(weirds: Weirds, table: FlowTable, history: History, records: ConnRecords, packet: Packet) {
    this.#weirds = weirds;
    this.#table = table;
    this.#history = history;
    this.#records = records;
    this.#packet = packet;
  }

  tell(flow: number, name: string, detail?: string, source?: string): void {
    if (!this.#isFirst(flow, name)) return;
    this.tellOf(flow, this.#records.identify(flow), name, detail, source);
  }

  /** The same of a flow whose identity is known. */
  tellOf(flow: number, id: Identity, name: string, detail?: string, source?: string): void {
    const at = (flow << FLOW_SHIFT) + FLAGS;
    this.#table.words[at] = this.#table.words[at]! | TOLD_WEIRD;
    // These tell of a limit of ours: what follows of the connection may be missing.
    if (name.startsWith('exceeded_')) this.#history.once(flow, SEEN_LIMIT, X, true);
    this.#weirds.connection(id, this.#packet.ts, name, detail, source);
  }

  drop(flow: number): void {
    if (this.#told.size > 0) this.#told.delete(flow);
  }

  #isFirst(flow: number, name: string): boolean {
    const told = this.#told.get(flow);
    if (!told) {
      this.#told.set(flow, new Set([name]));
      return true;
    }
    if (told.has(name) || told.size >= MOST_OF_FLOW) return false;
    told.add(name);
    return true;
  }
}

function textOf(...words: number[]): string {
  const bytes = new Uint8Array(16);
  for (let i = 0; i < 16; i++) bytes[i] = words[i >> 2]! >>> (24 - (i & 3) * 8);
  return formatAddress(bytes);
}
