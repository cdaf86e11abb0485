/**
 * The tunnels around the packet that is being read, and what is told of them: tunnel records as Zeek writes them, and
 * the parents of the connections inside.
 */

import type { Emit } from '../face.ts';
import { DEEPEST_TUNNEL, TUNNEL_SERVICES, TUNNEL_TYPES } from '../layers/tunnels.ts';
import { FLAGS, FLOW_SHIFT, HASH, LAST_F, START_F, TOLD_TUNNEL, TUNNEL_KIND, TUNNEL_MARK } from './layout.ts';
import type { ConnRecords } from './records.ts';
import type { FlowTable } from './table.ts';

/** A connection that keeps changing its tunnel tells of no more than these. */
const MOST_CHANGES = 5;

export class Encapsulation {
  /** Tunnels around the packet. */
  depth = 0;
  /** Says which connection is the innermost tunnel, 0 = none: another value, another tunnel. */
  #mark = 0;
  readonly #table: FlowTable;
  readonly #records: ConnRecords;
  readonly #emit: Emit;
  /** The connections around the packet, outermost first. */
  readonly #stack = new Int32Array(DEEPEST_TUNNEL);
  readonly #changes = new Map<number, number>();

  constructor(table: FlowTable, records: ConnRecords, emit: Emit) {
    this.#table = table;
    this.#records = records;
    this.#emit = emit;
  }

  /** Goes into a connection that is a tunnel; gives the mark of those inside. */
  enter(flow: number): number {
    this.#stack[this.depth++] = flow;
    this.#mark = this.#ownMark(flow);
    return this.#mark;
  }

  /** Comes back to the connection around, and gives the mark that holds there. */
  leave(): number {
    this.depth--;
    this.#mark = this.depth > 0 ? this.#ownMark(this.#stack[this.depth - 1]!) : 0;
    return this.#mark;
  }

  /** Notes the tunnels around a connection that begins. */
  begin(flow: number, ts: number): void {
    this.#table.words[(flow << FLOW_SHIFT) + TUNNEL_MARK] = this.#mark;
    if (this.depth === 0) return;
    this.#records.addTunnel(flow, this.#tell(ts));
  }

  /** Notes that a packet came through another tunnel than the one before; false once that is too often to tell. */
  change(flow: number, ts: number): boolean {
    this.#table.words[(flow << FLOW_SHIFT) + TUNNEL_MARK] = this.#mark;
    const changes = (this.#changes.get(flow) ?? 0) + 1;
    if (changes > MOST_CHANGES) return false;
    this.#changes.set(flow, changes);
    if (this.depth > 0) this.#records.addTunnel(flow, this.#tell(ts));
    return true;
  }

  /** Tells that a tunnel has ended, if it was told that it began. */
  end(flow: number, isFinal: boolean): void {
    if (this.#changes.size > 0) this.#changes.delete(flow);
    if ((this.#table.words[(flow << FLOW_SHIFT) + FLAGS]! & TOLD_TUNNEL) === 0) return;
    // A tunnel over IP itself never closes: all that can be known is that it fell silent.
    const hasExpired = this.isUntold(flow);
    if (hasExpired && isFinal) return;
    const ts = this.#table.floats[((flow << FLOW_SHIFT) >> 1) + LAST_F]!;
    this.#emitRow(flow, ts, hasExpired ? 'Tunnel::EXPIRE' : 'Tunnel::CLOSE');
  }

  /** True for a tunnel over IP itself: its packets are those of the connections inside, so it has no conn record. */
  isUntold(flow: number): boolean {
    const kind = this.#table.words[(flow << FLOW_SHIFT) + TUNNEL_KIND]!;
    return kind > 0 && TUNNEL_SERVICES[kind] === '';
  }

  /** Tells of all tunnels around the packet that were not told of; gives the uid of the innermost. */
  #tell(ts: number): string {
    const w = this.#table.words;
    for (let i = 0; i < this.depth; i++) {
      const flow = this.#stack[i]!;
      const at = (flow << FLOW_SHIFT) + FLAGS;
      if ((w[at]! & TOLD_TUNNEL) !== 0) continue;
      w[at] = w[at]! | TOLD_TUNNEL;
      this.#emitRow(flow, ts, 'Tunnel::DISCOVER');
    }
    return this.#records.identify(this.#stack[this.depth - 1]!).uid;
  }

  #emitRow(flow: number, ts: number, action: string): void {
    const { uid, source_ip, source_port, dest_ip, dest_port } = this.#records.identify(flow);
    const tunnel_type = TUNNEL_TYPES[this.#table.words[(flow << FLOW_SHIFT) + TUNNEL_KIND]!]!;
    this.#emit({ kind: 'tunnel', ts, uid, source_ip, source_port, dest_ip, dest_port, tunnel_type, action });
  }

  #ownMark(flow: number): number {
    const w = this.#table.words;
    const base = flow << FLOW_SHIFT;
    const start = base + START_F * 2;
    return (w[base + HASH]! ^ w[start]! ^ Math.imul(w[start + 1]!, 0x9e3779b1)) | 1;
  }
}

/** Which tunnel the last packet of a connection came through. */
export const markOf = (w: Int32Array, flow: number): number => w[(flow << FLOW_SHIFT) + TUNNEL_MARK]!;
