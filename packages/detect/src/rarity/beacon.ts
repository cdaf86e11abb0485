/**
 * How much a series of contacts looks like a machine's: regular intervals and equal sizes. After the statistics of RITA
 * (quartile skew and median absolute deviation), on which public C2 captures reach 0.77 to 1.0 where they call regularly.
 */
import type { Pair } from './pairs.ts';

/** Quartiles of fewer intervals say nothing: 3 of 4 random series of 4 look regular. */
const MIN_INTERVALS = 10;
/** A series is judged again when it has grown by an eighth. */
const REFRESH = 8;

/** 0-100. Below 10 intervals 0. */
export function beaconScore(pair: Pair): number {
  if (pair.intervals.length < MIN_INTERVALS) return 0;
  if (pair.count < pair.scoredAt + Math.max(1, pair.scoredAt / REFRESH)) return pair.beacon;
  const timing = regularity(pair.intervals);
  const size = regularity(pair.sizes);
  pair.beacon = Math.round(100 * (0.7 * timing + 0.3 * size));
  pair.scoredAt = pair.count;
  return pair.beacon;
}

/** 0-1: mean of symmetry (Bowley skew of the quartiles) and narrowness (MAD against the median). */
export function regularity(values: readonly number[]): number {
  const sorted = Float64Array.from(values).sort();
  const [q1, q2, q3] = [quantile(sorted, 0.25), quantile(sorted, 0.5), quantile(sorted, 0.75)];
  const skew = q3 > q1 ? Math.abs((q1 + q3 - 2 * q2) / (q3 - q1)) : 0;
  if (q2 <= 0) return q3 <= 0 ? 1 : 0;
  const deviations = sorted.map((v) => Math.abs(v - q2)).sort();
  const narrowness = Math.max(0, 1 - quantile(deviations, 0.5) / q2);
  return (1 - skew + narrowness) / 2;
}

const quantile = (sorted: Float64Array, q: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))]!;
