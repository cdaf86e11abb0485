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

export class Calibration {
  readonly #histograms: Map<string, Histogram>;

  constructor(saved: Map<string, Histogram> = new Map()) {
    this.#histograms = saved;
  }

  get state(): Map<string, Histogram> {
    return this.#histograms;
  }

  /** An hour closed with this highest surprise. */
  note(metric: string, group: string, surprise: number): void {
    this.#add(`${metric}|${group}`, surprise);
    this.#add(metric, surprise);
  }

  #add(key: string, surprise: number): void {
    let histogram = this.#histograms.get(key);
    if (!histogram) {
      histogram = { n: 0, bins: new Float32Array(BINS) };
      this.#histograms.set(key, histogram);
    }
    histogram.n++;
    histogram.bins[binOf(surprise)]!++;
  }

  /** Chance of a surprise this high in an hour of a device of the group. */
  chance(metric: string, group: string, surprise: number): number {
    if (surprise < UNREMARKABLE) return Math.exp(-surprise);
    const own = this.#histograms.get(`${metric}|${group}`);
    const histogram = own && own.n >= ENOUGH ? own : this.#histograms.get(metric);
    if (!histogram || histogram.n < LEAST) return Math.max(UNCERTAIN, Math.exp(-surprise / 2));
    return chanceIn(histogram, surprise);
  }

  /** A day has passed: older hours count less. */
  fade(): void {
    for (const histogram of this.#histograms.values()) {
      histogram.n *= DAILY_FADE;
      for (let i = 0; i < BINS; i++) histogram.bins[i]! *= DAILY_FADE;
    }
  }
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
