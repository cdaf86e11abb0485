/** Times as text, in UTC or the browser's zone, always with the zone beside them. */

export type Zone = 'utc' | 'local';

const two = (n: number) => String(n).padStart(2, '0');

interface Clock {
  date: string;
  time: string;
  suffix: string;
}

function clockOf(ms: number, zone: Zone): Clock {
  // UTC is the local time of a clock that was set back by the zone's offset
  const offset = zone === 'utc' ? 0 : -new Date(ms).getTimezoneOffset();
  const t = new Date(ms + offset * 60_000);
  const millis = String(t.getUTCMilliseconds()).padStart(3, '0');
  return {
    date: `${t.getUTCFullYear()}-${two(t.getUTCMonth() + 1)}-${two(t.getUTCDate())}`,
    time: `${two(t.getUTCHours())}:${two(t.getUTCMinutes())}:${two(t.getUTCSeconds())}.${millis}`,
    suffix: zone === 'utc' ? 'Z' : offsetText(offset),
  };
}

function offsetText(minutes: number): string {
  const size = Math.abs(minutes);
  return `${minutes < 0 ? '-' : '+'}${two(Math.floor(size / 60))}:${two(size % 60)}`;
}

/** `2026-11-21 03:12:45.120Z`, or with less: `minute` drops seconds, `second` drops milliseconds. */
export function formatTime(ms: number, zone: Zone, precision: 'minute' | 'second' | 'ms' = 'second'): string {
  if (!Number.isFinite(ms)) return '-';
  const { date, time, suffix } = clockOf(ms, zone);
  const length = { minute: 5, second: 8, ms: 12 }[precision];
  return `${date} ${time.slice(0, length)}${suffix}`;
}

/** `03:12` or `03:12:45`: for rows whose date stands elsewhere. */
export function formatClock(ms: number, zone: Zone, seconds = false): string {
  return clockOf(ms, zone).time.slice(0, seconds ? 8 : 5);
}

/** `11-21`, and with the year where that is not the year of `now`. */
function dayOf(date: string, zone: Zone, now: number | undefined): string {
  const isThisYear = now === undefined || date.startsWith(clockOf(now, zone).date.slice(0, 5));
  return isThisYear ? date.slice(5) : date;
}

/** `11-21 03:12`: month, day and time for narrow columns; the year before them where `now` is of another year. */
export function formatShort(ms: number, zone: Zone, now?: number): string {
  const { date, time } = clockOf(ms, zone);
  return `${dayOf(date, zone, now)} ${time.slice(0, 5)}`;
}

/** `11-21 03:12:45.120`, for lists of records; with the year in the same case. */
export function formatMoment(ms: number, zone: Zone, now?: number): string {
  const { date, time } = clockOf(ms, zone);
  return `${dayOf(date, zone, now)} ${time}`;
}

/** Time of the documented API's `2026-11-21 03:12:45`, which is UTC; undefined for other words such as `Never`. */
export function wireTime(text: string): number | undefined {
  if (!/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/.test(text)) return undefined;
  const ms = Date.parse(`${text.replace(' ', 'T')}Z`);
  return Number.isNaN(ms) ? undefined : ms;
}

const UNITS: readonly [number, string][] = [
  [86_400_000, 'd'],
  [3_600_000, 'h'],
  [60_000, 'min'],
  [1000, 's'],
];

/** A duration with its largest unit, one decimal below 10: `2.3 d`, `45 min`, `120 ms`. */
export function formatDuration(ms: number): string {
  const [size, name] = UNITS.find(([unit]) => Math.abs(ms) >= unit) ?? [1, 'ms'];
  const value = ms / size;
  return `${Math.abs(value) < 10 && size > 1 ? Number(value.toFixed(1)) : Math.round(value)} ${name}`;
}

/** How long ago `ms` was as seen at `now`. */
export function formatAgo(ms: number, now: number): string {
  const past = now - ms;
  if (Math.abs(past) < 1000) return 'now';
  return past > 0 ? `${formatDuration(past)} ago` : `in ${formatDuration(-past)}`;
}
