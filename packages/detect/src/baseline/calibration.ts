/**
 * Turns the surprise of the model into a chance that holds: a histogram of past surprises says how often one so high came
 * before, per metric, level of activity and age of the device; an exponential tail goes on beyond the data (as in SPOT,
 * Siffer et al. 2017).
 */

const WIDTH = 0.25;
const BINS = 160;
/** A class stands on its own from 1,000 hours; below, all classes of the metric are taken together. */
const ENOUGH = 1000;
/** With fewer hours than this nothing can be calibrated: the exponent of the model is halved instead. */
const LEAST = 100;
/** One in twenty needs no calibration. */
const UNREMARKABLE = 3;
const TAIL_SHARE = 0.005;
const DAILY_FADE = 0.97;

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
    histogram.bins[Math.min(BINS - 1, Math.floor(surprise / WIDTH))]!++;
  }

  /** Chance of a surprise this high in an hour of a device of the group. */
  chance(metric: string, group: string, surprise: number): number {
    if (surprise < UNREMARKABLE) return Math.exp(-surprise);
    const own = this.#histograms.get(`${metric}|${group}`);
    const histogram = own && own.n >= ENOUGH ? own : this.#histograms.get(metric);
    if (!histogram || histogram.n < LEAST) return Math.exp(-surprise / 2);
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
  const start = Math.min(BINS - 1, Math.floor(surprise / WIDTH));
  const enough = Math.max(10, n * TAIL_SHARE);
  let [above, excess, at] = [0, 0, BINS - 1];
  for (; at > start && above < enough; at--) {
    above += bins[at]!;
    excess += bins[at]! * at;
  }
  if (above < enough) {
    // The surprise lies in the tail: go down to where it begins, and extrapolate from there.
    let [count, sum, edge] = [above, excess, at];
    for (; edge >= 0 && count < enough; edge--) {
      count += bins[edge]!;
      sum += bins[edge]! * edge;
    }
    const meanExcess = Math.max(1, (sum / count - edge) * WIDTH);
    const beyond = Math.max(0, surprise - (edge + 1) * WIDTH);
    return ((1 + count) / (n + 1)) * Math.exp(-beyond / meanExcess);
  }
  for (; at >= start; at--) above += bins[at]!;
  return Math.min(1, (1 + above) / (n + 1));
}
