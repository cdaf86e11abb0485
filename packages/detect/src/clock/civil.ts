/** Hour of the day and working days from ms since the epoch, without a calendar object. ISO 8601 weeks begin on Monday. */
import { ThymusError } from '@thymus/core';

export const MINUTE = 60_000;
export const HOUR = 3_600_000;
export const DAY = 86_400_000;

/** Offset of local time from UTC in ms at an instant. */
export type OffsetAt = (ts: number) => number;

/** The hours since the epoch, in local time: divisible by 24 at local midnight. */
export const localHour = (ts: number, offset: number): number => Math.floor((ts + offset) / HOUR);

/** 0 to 23. */
export const hourOfDay = (hour: number): number => ((hour % 24) + 24) % 24;

/** 0 = Monday. Day 0 of the epoch was a Thursday. */
export const weekday = (hour: number): number => (((Math.floor(hour / 24) + 3) % 7) + 7) % 7;

export const isWeekend = (hour: number): boolean => weekday(hour) > 4;

/** Offsets of an IANA time zone, remembered per hour; a name nobody knows is refused with BAD_CONFIG. */
export function offsetsOf(timeZone: string): OffsetAt {
  if (timeZone === 'UTC') return () => 0;
  const format = formatOf(timeZone);
  let [lastHour, lastOffset] = [Number.NaN, 0];
  return (ts) => {
    const hour = Math.floor(ts / HOUR);
    if (hour !== lastHour) [lastHour, lastOffset] = [hour, offsetIn(format, hour * HOUR)];
    return lastOffset;
  };
}

function formatOf(timeZone: string): Intl.DateTimeFormat {
  try {
    return new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName: 'longOffset', hour: 'numeric' });
  } catch (cause) {
    throw new ThymusError(
      'BAD_CONFIG',
      `"${timeZone}" is no time zone: expected a name such as Europe/Berlin.`,
      {
        cause,
      },
    );
  }
}

function offsetIn(format: Intl.DateTimeFormat, ts: number): number {
  const name = format.formatToParts(ts).find((part) => part.type === 'timeZoneName')?.value ?? '';
  const match = /GMT([+-])(\d\d):(\d\d)/.exec(name);
  if (!match) return 0;
  const minutes = Number(match[2]) * 60 + Number(match[3]);
  return (match[1] === '-' ? -minutes : minutes) * MINUTE;
}
