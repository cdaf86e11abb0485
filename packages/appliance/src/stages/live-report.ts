/** What live capture does, in figures: per source what came, what was kept out, what was lost. */
import type { InterfaceStats } from '@thymus/capture';
import type { GateCounts } from '@thymus/dpi';
import type { OneWayShare } from './one-way.ts';

/** One interface or mirror. Totals since the start; rates over the time since the report before. */
export interface LiveSourceReport {
  name: string;
  isUp: boolean;
  /** Why it does not run; empty while it does. */
  fault: string;
  restarts: number;
  packets: number;
  /** Dropped by the kernel as we were too slow, and by card or driver. */
  dropped: number;
  deviceDropped: number;
  duplicates: number;
  excluded: number;
  /** Everything that came, the dropped packets not counted; and what was dissected of it. */
  rawBitsPerSecond: number;
  processedBitsPerSecond: number;
  packetsPerSecond: number;
  /** Share of packets dropped since the report before, 0-1. */
  dropShare: number;
}

export interface LiveReport {
  sources: LiveSourceReport[];
  /** Of all connections since the start. */
  oneWay: OneWayShare;
}

/** Figures of one source now: what its capture and the gate behind it counted. */
export interface LiveSourceFigures {
  stats: InterfaceStats;
  counts: Readonly<GateCounts>;
}

const processed = (c: GateCounts): number => c.bytes - c.duplicateBytes - c.excludedBytes;

/** Makes reports out of totals; remembers the totals of the report before. */
export class LiveReporter {
  readonly #before = new Map<string, { at: number; counts: GateCounts; dropped: number }>();

  /** `now` in ms; figures in any order. */
  report(figures: readonly LiveSourceFigures[], oneWay: OneWayShare, now: number): LiveReport {
    return { sources: figures.map((figure) => this.#source(figure, now)), oneWay: { ...oneWay } };
  }

  #source({ stats, counts }: LiveSourceFigures, now: number): LiveSourceReport {
    const { name, isUp, fault, restarts, dropped, deviceDropped } = stats;
    const lost = dropped + deviceDropped;
    const before = this.#before.get(name);
    this.#before.set(name, { at: now, counts: { ...counts }, dropped: lost });
    const seconds = before ? Math.max(1, now - before.at) / 1000 : Number.POSITIVE_INFINITY;
    const packets = counts.packets - (before?.counts.packets ?? 0);
    const lostNow = lost - (before?.dropped ?? 0);
    return {
      name,
      isUp,
      fault,
      restarts,
      packets: counts.packets,
      dropped,
      deviceDropped,
      duplicates: counts.duplicatePackets,
      excluded: counts.excludedPackets,
      rawBitsPerSecond: (8 * (counts.bytes - (before?.counts.bytes ?? 0))) / seconds,
      processedBitsPerSecond: (8 * (processed(counts) - (before ? processed(before.counts) : 0))) / seconds,
      packetsPerSecond: packets / seconds,
      dropShare: lostNow > 0 ? lostNow / (packets + lostNow) : 0,
    };
  }
}
