/**
 * How much a series of contacts looks like a machine's: regular intervals and equal sizes. Of the statistics of RITA only
 * the median absolute deviation is used: its quartile skew is disturbed by missed calls, and random arrivals pass it.
 */
import type { Pair } from './pairs.ts';

/** Quartiles of fewer intervals say nothing: 3 of 4 random series of 4 look regular. */
const MIN_INTERVALS = 10;
/** Narrowness of random arrivals (exponential intervals): regular is only what is narrower. */
const RANDOM = 0.31;
/** A series is judged again when it has grown by an eighth. */
const REFRESH = 8;

/** 0-100. Below 10 intervals 0. */
export function beaconScore(pair: Pair): number {
  if (pair.intervals.length < MIN_INTERVALS) return 0;
  if (pair.count < pair.scoredAt + Math.max(1, pair.scoredAt / REFRESH)) return pair.beacon;
  const timing = Math.max(0, (narrowness(pair.intervals) - RANDOM) / (1 - RANDOM));
  const size = narrowness(pair.sizes);
  pair.beacon = Math.round(100 * (0.7 * timing + 0.3 * size));
  pair.scoredAt = pair.count;
  return pair.beacon;
}

/** 0-1: how narrow the values lie around their median, by the median absolute deviation. Missed calls do not disturb it. */
export function narrowness(values: readonly number[]): number {
  const sorted = Float64Array.from(values).sort();
  const median = quantile(sorted, 0.5);
  if (median <= 0) return 0;
  const deviations = sorted.map((v) => Math.abs(v - median)).sort();
  return Math.max(0, 1 - quantile(deviations, 0.5) / median);
}

const quantile = (sorted: Float64Array, q: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))]!;
