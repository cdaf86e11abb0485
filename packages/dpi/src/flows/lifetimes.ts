/** Begin, update and end of flows: what is emitted when, and which flow makes room when the table is full. */
import type { Applications } from '../applications/applications.ts';
import type { Emit } from '../face.ts';
import type { Encapsulation } from './encapsulation.ts';
import { FLOW_SHIFT, ORIG, PACKETS, RESP, TOLD_PACKETS } from './layout.ts';
import type { ConnRecords } from './records.ts';
import type { FlowTable } from './table.ts';

/** Event time between two sweeps, ms. A flow whose time is up never takes another packet, however late the sweep. */
const SWEEP_EVERY = 2_000;
/** Flows looked at to find the one that would end first. */
const EVICTION_SAMPLE = 16;

export class Lifetimes {
  /** When the next sweep is due. */
  nextSweep = 0;
  /** Flows that were ended to make room. */
  evicted = 0;
  /** Called for each flow after its last record. */
  onEnd: (flow: number) => void = () => {};
  readonly #table: FlowTable;
  readonly #records: ConnRecords;
  readonly #applications: Applications;
  readonly #tunnels: Encapsulation;
  readonly #emit: Emit;
  readonly #updateEvery: number;
  readonly #updates: Float64Array;
  #hand = 0;

  constructor(
    table: FlowTable,
    records: ConnRecords,
    applications: Applications,
    tunnels: Encapsulation,
    emit: Emit,
    updateEvery: number,
  ) {
    this.#table = table;
    this.#records = records;
    this.#applications = applications;
    this.#tunnels = tunnels;
    this.#emit = emit;
    this.#updateEvery = updateEvery;
    this.#updates = new Float64Array(updateEvery > 0 ? table.capacity : 0).fill(Infinity);
  }

  begin(flow: number, ts: number): void {
    if (this.#updateEvery > 0) this.#updates[flow] = ts + this.#updateEvery;
  }

  /** Ends what has been silent for too long, and tells of what is still open. */
  sweep(now: number): void {
    this.nextSweep = now + SWEEP_EVERY;
    const { deadlines, top } = this.#table;
    for (let flow = 0; flow < top; flow++) if (deadlines[flow]! <= now) this.end(flow);
    if (this.#updateEvery === 0) return;
    const updates = this.#updates;
    for (let flow = 0; flow < top; flow++) if (updates[flow]! <= now) this.#update(flow, now);
  }

  endAll(): void {
    for (let flow = 0; flow < this.#table.top; flow++) if (this.#table.isUsed(flow)) this.end(flow, true);
    this.nextSweep = 0;
  }

  /** Ends a flow: dissectors first, as they may confirm a service. `isFinal` if all end and not just this one. */
  end(flow: number, isFinal = false): void {
    this.#applications.close(flow);
    this.#tell('conn', flow);
    this.#tunnels.end(flow, isFinal);
    this.onEnd(flow);
    this.#applications.drop(flow);
    if (this.#updateEvery > 0) this.#updates[flow] = Infinity;
    this.#table.remove(flow);
  }

  /** Makes room: of a few flows, ends the one that would end first. */
  evict(): void {
    const { deadlines, capacity } = this.#table;
    let victim = this.#hand;
    for (let i = 0; i < EVICTION_SAMPLE; i++) {
      this.#hand = (this.#hand + 1) % capacity;
      if (deadlines[this.#hand]! < deadlines[victim]!) victim = this.#hand;
    }
    this.evicted++;
    this.end(victim);
  }

  /** A flow without packets since its last update has nothing new to tell. */
  #update(flow: number, now: number): void {
    const w = this.#table.words;
    const base = flow << FLOW_SHIFT;
    this.#updates[flow] = now + this.#updateEvery;
    const packets = (w[base + ORIG + PACKETS]! + w[base + RESP + PACKETS]!) | 0;
    if (packets === w[base + TOLD_PACKETS]) return;
    w[base + TOLD_PACKETS] = packets;
    this.#tell('conn_update', flow);
  }

  #tell(kind: 'conn' | 'conn_update', flow: number): void {
    if (this.#tunnels.isUntold(flow)) return;
    const id = this.#applications.identityOf(flow) ?? this.#records.identify(flow);
    this.#emit(this.#records.row(kind, flow, id, this.#applications.services(flow)));
  }
}
