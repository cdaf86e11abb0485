/**
 * What is usual for one metric of one device: a Gamma-Poisson belief for each hour of the day, apart for working and free
 * days. On 400 simulated devices this found twice as many threefold spikes at the same false rate as an hour-of-week
 * mean and variance did, and stayed calibrated within a factor of ten before the histogram corrects it.
 */

/** Evidence of a day ago counts 7 % less: half of what is known of an hour is from the last ten days. */
const FADE = 0.93;
/** Share of the hours before and after: a meeting that starts late is no surprise. */
const NEIGHBOUR = 0.35;
/** What is known of the device as a whole counts as this many hours of each cell. */
const PRIOR_HOURS = 1;
const OVERALL_FADE = 0.999;
/** Counts beyond this many standard deviations are learned as if they were at it, so that one attack is not a habit. */
const CLIP = 8;
/** Dispersion before anything is known (variance mean + mean²), and for how many hours it counts. */
const PRIOR_DISPERSION = { value: 1, hours: 10 };
const LEAST_DISPERSION = 0.02;

export const CELLS = 48;

export interface Series {
  /** In the open hour, in units of the metric. */
  count: number;
  /** Highest surprise within the open hour, and the calibrated chance at the last look. */
  peak: number;
  chance: number;
  /** When and at what count the last look was. */
  checkedAt: number;
  checkedCount: number;
  /** Sum and weight per cell, side by side: hours of working days, then of free days. In quanta. */
  cells: Float32Array;
  /** Sum and weight over all hours. */
  sum: number;
  weight: number;
  /** Dispersion by moments over the hours with traffic: excess variance, squared means, their number. */
  excess: number;
  squares: number;
  hours: number;
}

export interface Expectation {
  mean: number;
  /** Size parameter of the negative binomial: variance = mean + mean² / size. */
  size: number;
}

/** A series that begins after the device was silent in this metric for some days: those count as zeros. */
export function newSeries(daysBefore: number): Series {
  const cells = new Float32Array(CELLS * 2);
  for (let cell = 0; cell < CELLS; cell++) {
    const days = daysBefore * (cell < 24 ? 5 / 7 : 2 / 7);
    cells[cell * 2 + 1] = (1 - FADE ** days) / (1 - FADE);
  }
  const weight = (1 - OVERALL_FADE ** (daysBefore * 24)) / (1 - OVERALL_FADE);
  return {
    count: 0,
    peak: 0,
    chance: 1,
    checkedAt: Number.NEGATIVE_INFINITY,
    checkedCount: 0,
    cells,
    sum: 0,
    weight,
    excess: 0,
    squares: 0,
    hours: 0,
  };
}

/** Index of a cell: hour of the day, and whether the day is free. */
export const cellOf = (hourOfDay: number, isFree: boolean): number => hourOfDay + (isFree ? 24 : 0);

/**
 * What is usual in a cell, in quanta. `shape` is how this hour compares with the average hour for similar devices, `level`
 * the average hour of similar devices, for devices that have no average of their own yet.
 */
export function expectation(series: Series, cell: number, shape: number, level: number): Expectation {
  const { cells } = series;
  const base = cell < 24 ? 0 : 24;
  const hour = cell - base;
  const before = (base + ((hour + 23) % 24)) * 2;
  const after = (base + ((hour + 1) % 24)) * 2;
  const own = ((series.sum + level) / (series.weight + 1)) * shape;
  const a = cells[cell * 2]! + NEIGHBOUR * (cells[before]! + cells[after]!) + PRIOR_HOURS * own;
  const b = cells[cell * 2 + 1]! + NEIGHBOUR * (cells[before + 1]! + cells[after + 1]!) + PRIOR_HOURS;
  const mean = Math.max(a / b, 1e-4);
  return { mean, size: 1 / (dispersionOf(series) + 1 / Math.max(a, 1e-3)) };
}

function dispersionOf(series: Series): number {
  if (series.hours < 1 || series.squares <= 0) return PRIOR_DISPERSION.value;
  const prior = (series.squares / series.hours) * PRIOR_DISPERSION.hours;
  return Math.max(
    LEAST_DISPERSION,
    (series.excess + PRIOR_DISPERSION.value * prior) / (series.squares + prior),
  );
}

/** Learns that the hour of `cell` brought `x` quanta. `trust` below 1 holds learning back while the device is suspect. */
export function learn(series: Series, cell: number, x: number, expected: Expectation, trust: number): void {
  const { mean, size } = expected;
  const clipped = Math.min(x, mean + CLIP * Math.sqrt(mean + (mean * mean) / size) + 1);
  const { cells } = series;
  cells[cell * 2] = FADE * cells[cell * 2]! + trust * clipped;
  cells[cell * 2 + 1] = FADE * cells[cell * 2 + 1]! + trust;
  series.sum = OVERALL_FADE * series.sum + trust * clipped;
  series.weight = OVERALL_FADE * series.weight + trust;
  series.excess = OVERALL_FADE * series.excess + trust * ((clipped - mean) ** 2 - mean);
  series.squares = OVERALL_FADE * series.squares + trust * mean * mean;
  series.hours = OVERALL_FADE * series.hours + trust;
}

/** Learns an hour in which nothing happened, cheaply. */
export function learnSilence(series: Series, cell: number, trust: number): void {
  const { cells } = series;
  cells[cell * 2] = FADE * cells[cell * 2]!;
  cells[cell * 2 + 1] = FADE * cells[cell * 2 + 1]! + trust;
  series.sum *= OVERALL_FADE;
  series.weight = OVERALL_FADE * series.weight + trust;
}
