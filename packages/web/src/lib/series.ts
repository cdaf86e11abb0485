/** A metric over time as columns for the chart: observed values, the band that was usual, points outside of it. */
import type { ReplyOf, uiMetricData } from '@thymus/contract';

export type MetricData = ReplyOf<typeof uiMetricData>;

export interface Series {
  /** Seconds since the epoch, as the chart wants it. */
  times: number[];
  low: (number | null)[];
  high: (number | null)[];
  median: (number | null)[];
  observed: (number | null)[];
  /** Observed values above the band. */
  outside: (number | null)[];
}

const HOUR = 3_600_000;

/** Below this length of a window, hours are too coarse to draw. */
const SHORT = 6 * HOUR;

/** More steps than this are not drawn one by one. */
const MOST_STEPS = 5000;

/**
 * Step of a graph in ms: hours, as what was usual is known per hour and only hours compare with it; undefined leaves
 * the choice to the appliance, for windows that are too short or too long.
 */
export function metricStep({ from, to }: { from: number; to: number }): number | undefined {
  return to - from >= SHORT && (to - from) / HOUR <= MOST_STEPS ? HOUR : undefined;
}

/**
 * Joins both lists over the steps of the window. The band of an hour holds for all its steps, but only whole hours are
 * compared with it: parts of an hour scatter more than their share of the band. A step without traffic
 * counts as zero while the device is known, and as a gap before the first and after the last value.
 */
export function joinSeries(data: MetricData, window: { from: number; to: number }): Series {
  const { interval } = data;
  const series: Series = { times: [], low: [], high: [], median: [], observed: [], outside: [] };
  const observed = new Map(data.observed.map(({ time, value }) => [Math.floor(time / interval), value]));
  const band = new Map(data.band.map((hour) => [Math.floor(hour.time / HOUR), hour]));
  const known = [...data.observed.map((o) => o.time), ...data.band.map((b) => b.time)];
  const first = Math.min(...known);
  const last = Math.max(...known) + HOUR;
  for (let step = Math.floor(window.from / interval); step * interval < window.to; step++) {
    const time = step * interval;
    const usual = band.get(Math.floor(time / HOUR));
    const isKnown = time + interval > first && time < last;
    const value = observed.get(step) ?? (isKnown ? 0 : null);
    series.times.push(time / 1000);
    series.low.push(usual?.low ?? null);
    series.high.push(usual?.high ?? null);
    series.median.push(usual?.median ?? null);
    series.observed.push(value);
    const canCompare = value !== null && usual !== undefined && interval === HOUR;
    series.outside.push(canCompare && value > usual.high ? value : null);
  }
  return series;
}

/** How many observed steps lie above what was usual. */
export const countOutside = ({ outside }: Series): number => outside.filter((v) => v !== null).length;
