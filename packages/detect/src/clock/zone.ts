/** Local time: how far a time zone is from UTC at an instant, and the hours counted in it. */
import { HOUR, MINUTE, ThymusError } from '@thymus/core';

/** Offset of local time from UTC in ms at an instant. */
export type OffsetAt = (ts: number) => number;

/** The hours since the epoch, in local time: divisible by 24 at local midnight. */
export const localHour = (ts: number, offset: number): number => Math.floor((ts + offset) / HOUR);

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
