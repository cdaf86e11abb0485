/** The one time range of all screens: a preset that ends with the newest data, or two absolute times; kept in the URL. */
import { formatShort, formatTime, type Zone } from './time-format.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

export const PRESETS = {
  '15m': { label: 'Last 15 minutes', length: 15 * MINUTE },
  '1h': { label: 'Last hour', length: HOUR },
  '4h': { label: 'Last 4 hours', length: 4 * HOUR },
  '24h': { label: 'Last 24 hours', length: DAY },
  '3d': { label: 'Last 3 days', length: 3 * DAY },
  '7d': { label: 'Last 7 days', length: 7 * DAY },
  '14d': { label: 'Last 14 days', length: 14 * DAY },
  '30d': { label: 'Last 30 days', length: 30 * DAY },
  '90d': { label: 'Last 90 days', length: 90 * DAY },
  all: { label: 'Everything', length: Number.POSITIVE_INFINITY },
} as const;

export type Preset = keyof typeof PRESETS;
export const DEFAULT_PRESET: Preset = '24h';

/** What the URL says: `range` alone, or `from` and `to` in ISO form. */
export interface RangeSearch {
  range?: Preset | undefined;
  from?: string | undefined;
  to?: string | undefined;
}

/** Window in ms since the epoch; `to` is exclusive. */
export interface TimeWindow {
  from: number;
  to: number;
  /** The preset that it follows, or undefined for absolute windows. */
  preset?: Preset;
}

const isPreset = (text: unknown): text is Preset => typeof text === 'string' && Object.hasOwn(PRESETS, text);

/** ISO text or ms since the epoch, as links carry them; NaN for anything else. */
export function parseTime(text: unknown): number {
  if (typeof text === 'number') return text;
  if (typeof text !== 'string' || text === '') return Number.NaN;
  return /^\d{10,16}$/.test(text) ? Number(text) : Date.parse(text);
}

/**
 * The part of a URL's parameters that is a valid range. Anything broken becomes undefined by name, as what is left out
 * would stay as it stands in the address.
 */
export function parseRange(search: Record<string, unknown>): RangeSearch {
  const from = parseTime(search['from']);
  const to = parseTime(search['to']);
  // 8.64e15 is the largest time that a Date holds
  if (from < to && Math.abs(from) <= 8.64e15 && to <= 8.64e15)
    return { range: undefined, ...absolute(from, to) };
  const range = isPreset(search['range']) ? search['range'] : undefined;
  return { range, from: undefined, to: undefined };
}

/** The range of one screen taken along to the next, unless the next one brings its own. */
export function keepRange<T extends RangeSearch>(now: RangeSearch, next: T): T {
  if (next.range || next.from || next.to) return next;
  return { ...next, range: now.range, from: now.from, to: now.to };
}

/** An absolute range as the URL carries it; at least a second long. */
export function absolute(from: number, to: number): { from: string; to: string } {
  const start = Math.floor(from);
  return {
    from: new Date(start).toISOString(),
    to: new Date(Math.max(start + 1000, Math.ceil(to))).toISOString(),
  };
}

/** What is known of the data: its first and last record and the appliance's clock, ms. */
export interface Extent {
  oldest: number;
  newest: number;
  clock: number;
}

/** Without live traffic – imported captures – nobody asks for the last day, so everything is shown at first. */
export const presetFor = ({ newest, clock }: Extent): Preset =>
  clock - newest > DAY ? 'all' : DEFAULT_PRESET;

/** The window that the URL means; presets end at the next full minute after the newest data. */
export function resolveRange(search: RangeSearch, extent: Extent): TimeWindow {
  const from = parseTime(search.from);
  const to = parseTime(search.to);
  if (from < to) return { from, to };
  const preset = isPreset(search.range) ? search.range : presetFor(extent);
  const end = Math.floor(extent.newest / MINUTE) * MINUTE + MINUTE;
  if (preset !== 'all') return { from: end - PRESETS[preset].length, to: end, preset };
  return { from: Math.min(Math.floor(extent.oldest / MINUTE) * MINUTE, end - MINUTE), to: end, preset };
}

/** How the range is written in the top bar. */
export function describeRange(window: TimeWindow, zone: Zone): string {
  if (window.preset) return PRESETS[window.preset].label;
  const sameYear = new Date(window.from).getUTCFullYear() === new Date(window.to).getUTCFullYear();
  const first = formatTime(window.from, zone, 'minute').replace(/(Z|[+-]\d\d:\d\d)$/, '');
  return `${first} → ${sameYear ? formatShort(window.to, zone) : formatTime(window.to, zone, 'minute')}`;
}

/** The window scaled around its middle: 0.5 zooms in, 2 zooms out; a minute at least, ten years at most. */
export function zoom(window: TimeWindow, factor: number): { from: string; to: string } {
  const middle = (window.from + window.to) / 2;
  const length = Math.min(3650 * DAY, Math.max(MINUTE, (window.to - window.from) * factor));
  return absolute(middle - length / 2, middle + length / 2);
}

/** The window moved by a share of its length: -0.5 goes half a window back. */
export function shift(window: TimeWindow, share: number): { from: string; to: string } {
  const step = (window.to - window.from) * share;
  return absolute(window.from + step, window.to + step);
}

const STEPS = [1, 2, 5, 10, 15, 30]
  .map((s) => s * 1000)
  .concat(
    [1, 2, 5, 10, 15, 30].map((m) => m * MINUTE),
    [1, 2, 3, 6, 12].map((h) => h * HOUR),
    [1, 2, 7, 30].map((d) => d * DAY),
  );

/** The round step, in ms, that cuts a window into at most `most` parts. */
export function stepFor(window: { from: number; to: number }, most: number): number {
  const least = (window.to - window.from) / most;
  return STEPS.find((step) => step >= least) ?? Math.ceil(least / DAY) * DAY;
}
