/**
 * Turns the surprise of the model into a chance that holds: a histogram of past surprises says how often one so high came
 * before, per metric, level of activity and age of the device; a Pareto tail goes on beyond the data, as traffic volumes
 * have heavy tails (in the manner of SPOT, Siffer et al. 2017).
 */

/** Bins per doubling of 1 + surprise, and as many as reach to a surprise of 30,000. */
const PER_OCTAVE = 8;
const BINS = 120;
/** A class stands on its own from 1,000 hours; below, all classes of the metric are taken together. */
const ENOUGH = 1000;
/** With fewer hours than this nothing is certain: no chance below one in 1,000, and half the exponent of the model. */
const LEAST = 100;
const UNCERTAIN = 1e-3;
/** One in twenty needs no calibration. */
const UNREMARKABLE = 3;
/** The tail is fitted to the highest 0.5 %, and to ten hours at least. */
const TAIL = { share: 0.005, hours: 10 };
/** Steepest and shallowest tail, in bins per factor e: an index between 3 and 1, as is usual for volumes of traffic. */
const SLOPE = { least: PER_OCTAVE / (3 * Math.LN2), most: PER_OCTAVE / Math.LN2 };
/** What was seen for n hours supports no chance below one in 100 n, whatever the tail says. */
const REACH = 100;
const DAILY_FADE = 0.97;

const binOf = (surprise: number): number =>
  Math.min(BINS - 1, Math.floor(PER_OCTAVE * Math.log2(1 + Math.max(0, surprise))));

export interface Histogram {
  n: number;
  bins: Float32Array;
}

/** Metric → class of devices (ALL = all of them) → histogram. */
export type CalibrationState = Map<string, Map<number, Histogram>>;
const ALL = -1;

export class Calibration {
  readonly #metrics: CalibrationState;

  constructor(saved: CalibrationState = new Map()) {
    this.#metrics = saved;
  }

  get state(): CalibrationState {
    return this.#metrics;
  }

  /** An hour of a device of the class closed with this highest surprise. */
  note(metric: string, group: number, surprise: number): void {
    let groups = this.#metrics.get(metric);
    if (!groups) {
      groups = new Map();
      this.#metrics.set(metric, groups);
    }
    const bin = binOf(surprise);
    count(groups, group, bin);
    count(groups, ALL, bin);
  }

  /** Chance of a surprise this high in an hour of a device of the class. */
  chance(metric: string, group: number, surprise: number): number {
    if (surprise < UNREMARKABLE) return Math.exp(-surprise);
    const groups = this.#metrics.get(metric);
    const own = groups?.get(group);
    const histogram = own && own.n >= ENOUGH ? own : groups?.get(ALL);
    if (!histogram || histogram.n < LEAST) return Math.max(UNCERTAIN, Math.exp(-surprise / 2));
    return chanceIn(histogram, surprise);
  }

  /** A day has passed: older hours count less. */
  fade(): void {
    for (const groups of this.#metrics.values()) {
      for (const histogram of groups.values()) {
        histogram.n *= DAILY_FADE;
        for (let i = 0; i < BINS; i++) histogram.bins[i]! *= DAILY_FADE;
      }
    }
  }
}

function count(groups: Map<number, Histogram>, group: number, bin: number): void {
  let histogram = groups.get(group);
  if (!histogram) {
    histogram = { n: 0, bins: new Float32Array(BINS) };
    groups.set(group, histogram);
  }
  histogram.n++;
  histogram.bins[bin]!++;
}

function chanceIn({ n, bins }: Histogram, surprise: number): number {
  const at = binOf(surprise);
  const enough = Math.max(TAIL.hours, n * TAIL.share);
  let [above, excess] = [0, 0];
  let edge = BINS;
  while (edge > 0 && above < enough) {
    edge--;
    above += bins[edge]!;
    excess += bins[edge]! * edge;
  }
  if (at <= edge) {
    for (let bin = edge - 1; bin >= at; bin--) above += bins[bin]!;
    return Math.min(1, (1 + above) / (n + 1));
  }
  const slope = Math.min(SLOPE.most, Math.max(SLOPE.least, excess / above - edge));
  const chance = ((1 + above) / (n + 1)) * Math.exp(-(at - edge) / slope);
  return Math.min(1, Math.max(1 / (REACH * n), chance));
}
