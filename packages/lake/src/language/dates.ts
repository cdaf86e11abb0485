/** Dates and times in queries: ISO 8601 of any precision in UTC, or a number of seconds or ms since the epoch. */

/** What a date stands for, ms since the epoch, `to` exclusive: `2026-03` is a month, `2026-03-01T10` an hour. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

const ISO =
  /^(\d{4})(?:-(\d{1,2})(?:-(\d{1,2})(?:[T ](\d{1,2})(?::(\d{2})(?::(\d{2})(?:\.(\d{1,6}))?)?)?)?)?)?(Z|[+-]\d{2}:?\d{2})?$/i;
/** Numbers below are seconds: 1e11 ms are March 1973, 1e11 s lie in the year 5138. */
const SECONDS_BELOW = 100_000_000_000;

/** The span of a date; undefined for a text that is none. */
export function parseSpan(text: string): Span | undefined {
  if (/^\d{5,}(\.\d+)?$/.test(text)) return epochSpan(Number(text));
  const parts = ISO.exec(text);
  if (!parts) return undefined;
  const [, year, month, day, hour, minute, second, fraction, zone] = parts;
  const numbers = [year, month, day, hour, minute, second].filter((p) => p !== undefined).map(Number);
  const at = (step: number) => {
    const [y = 0, mo = 1, d = 1, h = 0, mi = 0, s = 0] = numbers.with(-1, numbers.at(-1)! + step);
    return Date.UTC(y, mo - 1, d, h, mi, s) - offset(zone);
  };
  if (!isInCalendar(numbers)) return undefined;
  if (fraction === undefined) return { from: at(0), to: at(1) };
  const from = at(0) + Number(`0.${fraction}`) * 1000;
  return { from, to: from + 1000 / 10 ** fraction.length };
}

function isInCalendar([y = 0, mo = 1, d = 1, h = 0, mi = 0, s = 0]: readonly number[]): boolean {
  const date = new Date(Date.UTC(y, mo - 1, d));
  return date.getUTCMonth() === mo - 1 && date.getUTCDate() === d && h < 24 && mi < 60 && s < 61;
}

function epochSpan(value: number): Span {
  const from = value < SECONDS_BELOW ? value * 1000 : value;
  return { from, to: from + (value < SECONDS_BELOW ? 1000 : 1) };
}

function offset(zone: string | undefined): number {
  if (!zone || /^z$/i.test(zone)) return 0;
  const [, sign, hours, minutes] = /^([+-])(\d{2}):?(\d{2})$/.exec(zone)!;
  return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * 60_000;
}
