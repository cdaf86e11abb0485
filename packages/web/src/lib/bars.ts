/** Bars over time without their looks: counts per step stacked by kind, tick marks at round times. */
import { formatClock, formatShort, formatTime, type Zone } from './time-format.ts';
import { stepFor } from './time-range.ts';

export interface Count {
  /** Start of the step, ms since the epoch. */
  key: number;
  kind: string;
  count: number;
}

export interface Column {
  start: number;
  /** Counts in the order of `Stacked.kinds`. */
  parts: number[];
  total: number;
}

export interface Stacked {
  /** Most frequent first; at most eight, the last being `other` where there are more. */
  kinds: { name: string; total: number }[];
  columns: Column[];
  most: number;
  total: number;
}

const MOST_KINDS = 8;

/** Joins counts into one column per step, the same kinds in the same order in each. */
export function stack(counts: readonly Count[]): Stacked {
  const totals = new Map<string, number>();
  for (const { kind, count } of counts) totals.set(kind, (totals.get(kind) ?? 0) + count);
  const sorted = [...totals].sort((a, b) => b[1] - a[1] || a[0].localeCompare(b[0]));
  const named = sorted.length > MOST_KINDS ? sorted.slice(0, MOST_KINDS - 1) : sorted;
  const kinds = named.map(([name, total]) => ({ name, total }));
  if (sorted.length > named.length) {
    const rest = sorted.slice(named.length);
    kinds.push({ name: 'other', total: rest.reduce((sum, [, n]) => sum + n, 0) });
  }
  const place = new Map(kinds.map(({ name }, i) => [name, i]));
  const columns = new Map<number, Column>();
  for (const { key, kind, count } of counts) {
    const column = columns.get(key) ?? { start: key, parts: kinds.map(() => 0), total: 0 };
    columns.set(key, column);
    column.parts[place.get(kind) ?? kinds.length - 1]! += count;
    column.total += count;
  }
  const list = [...columns.values()].sort((a, b) => a.start - b.start);
  return {
    kinds,
    columns: list,
    most: Math.max(0, ...list.map((c) => c.total)),
    total: kinds.reduce((sum, k) => sum + k.total, 0),
  };
}

export interface Plot {
  from: number;
  to: number;
  interval: number;
  /** Drawing area, in the units of the path. */
  width: number;
  height: number;
}

/** SVG path of one kind's bars, standing on those of the kinds before it. */
export function barPath({ columns, most }: Stacked, kind: number, plot: Plot): string {
  if (most === 0) return '';
  const perMs = plot.width / (plot.to - plot.from);
  const wide = Math.max(0.5, plot.interval * perMs * 0.86);
  let path = '';
  for (const { start, parts } of columns) {
    const count = parts[kind] ?? 0;
    if (count === 0) continue;
    const below = parts.slice(0, kind).reduce((sum, n) => sum + n, 0);
    // a single record in a busy hour stays visible
    const high = Math.max(1, (count / most) * plot.height);
    const y = plot.height - (below / most) * plot.height - high;
    path += `M${((start - plot.from) * perMs).toFixed(1)} ${y.toFixed(1)}h${wide.toFixed(1)}v${high.toFixed(1)}h${(-wide).toFixed(1)}z`;
  }
  return path;
}

/** The column under a place from 0 to 1. */
export function columnAt({ columns }: Stacked, place: number, plot: Plot): Column | undefined {
  const time = plot.from + place * (plot.to - plot.from);
  return columns.find(({ start }) => start <= time && time < start + plot.interval);
}

export interface Tick {
  /** Place from 0 to 1. */
  at: number;
  label: string;
}

/** From this length on, months repeat, so that ticks carry the year, ms. */
const LONG = 300 * 86_400_000;

/** Round times across a window: dates where the step is days, clock times else with the date at midnight. */
export function ticks(window: { from: number; to: number }, most: number, zone: Zone): Tick[] {
  const step = stepFor(window, most);
  const offset = zone === 'utc' ? 0 : -new Date(window.from).getTimezoneOffset() * 60_000;
  const isLong = window.to - window.from > LONG;
  const list: Tick[] = [];
  for (let t = Math.ceil((window.from + offset) / step) * step - offset; t < window.to; t += step) {
    const isMidnight = (t + offset) % 86_400_000 === 0;
    const day = isLong ? formatTime(t, zone).slice(0, 10) : formatShort(t, zone).slice(0, 5);
    const label = isMidnight ? day : formatClock(t, zone, step < 60_000);
    list.push({ at: (t - window.from) / (window.to - window.from), label });
  }
  return list;
}

/** The window that a drag from one place to another (0 to 1) means, in whole steps; undefined for a mere click. */
export function dragged(a: number, b: number, plot: { from: number; to: number; interval: number }) {
  const [left, right] = [Math.min(a, b), Math.max(a, b)];
  if (right - left < 0.005) return undefined;
  const length = plot.to - plot.from;
  const down = (t: number) => Math.floor(t / plot.interval) * plot.interval;
  const from = Math.max(plot.from, down(plot.from + left * length));
  const to = Math.min(plot.to, down(plot.from + right * length) + plot.interval);
  return from < to ? { from, to } : undefined;
}
