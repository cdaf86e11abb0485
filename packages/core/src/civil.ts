/**
 * Civil time as arithmetic, without a clock: ms since the epoch to days, hours, weekdays and dates and back. Proleptic
 * Gregorian calendar and weeks that begin on Monday, as ISO 8601. UTC; for local time add the offset first.
 */

export const SECOND = 1000;
export const MINUTE = 60_000;
export const HOUR = 3_600_000;
export const DAY = 86_400_000;

/** Midnight of the day of an instant. */
export const midnight = (ts: number): number => Math.floor(ts / DAY) * DAY;

/** Hour of the day with fraction, 0 to 24. */
export const hourOfDay = (ts: number): number => (ts - midnight(ts)) / HOUR;

/** 0 = Monday. 1 January 1970 was a Thursday. */
export const weekday = (ts: number): number => (((Math.floor(ts / DAY) + 3) % 7) + 7) % 7;

export const isWeekend = (ts: number): boolean => weekday(ts) > 4;

export interface CivilDate {
  year: number;
  /** 1 to 12. */
  month: number;
  /** 1 to 31. */
  day: number;
}

export interface CivilTime extends CivilDate {
  hour: number;
  minute: number;
  /** With fraction. */
  second: number;
}

/** Days since the epoch. After Howard Hinnant, "chrono-compatible low-level date algorithms". */
function daysOf({ year, month, day }: CivilDate): number {
  const y = month <= 2 ? year - 1 : year;
  const era = Math.floor(y / 400);
  const yearOfEra = y - era * 400;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * 146_097 + dayOfEra - 719_468;
}

/** The date of an instant; the same author's inverse. */
export function civilDate(ts: number): CivilDate {
  const z = Math.floor(ts / DAY) + 719_468;
  const era = Math.floor(z / 146_097);
  const dayOfEra = z - era * 146_097;
  const leaps = Math.floor(dayOfEra / 1460) - Math.floor(dayOfEra / 36_524) + Math.floor(dayOfEra / 146_096);
  const yearOfEra = Math.floor((dayOfEra - leaps) / 365);
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const shifted = Math.floor((5 * dayOfYear + 2) / 153);
  const month = shifted < 10 ? shifted + 3 : shifted - 9;
  return {
    year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0),
    month,
    day: dayOfYear - Math.floor((153 * shifted + 2) / 5) + 1,
  };
}

export function toCivil(ts: number): CivilTime {
  const rest = ts - midnight(ts);
  return {
    ...civilDate(ts),
    hour: Math.floor(rest / HOUR),
    minute: Math.floor(rest / MINUTE) % 60,
    second: (rest % MINUTE) / SECOND,
  };
}

const isLeap = (year: number): boolean => year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);

const daysIn = (year: number, month: number): number =>
  month === 2 ? (isLeap(year) ? 29 : 28) : [4, 6, 9, 11].includes(month) ? 30 : 31;

/** ms since the epoch; undefined for a time that no calendar has. A leap second is the first of the next minute. */
export function fromCivil(time: CivilTime): number | undefined {
  const { year, month, day, hour, minute, second } = time;
  const isDate = month >= 1 && month <= 12 && day >= 1 && day <= daysIn(year, month);
  if (!isDate || hour > 23 || minute > 59 || second >= 61) return undefined;
  return daysOf(time) * DAY + hour * HOUR + minute * MINUTE + Math.round(second * 1e6) / 1000;
}

const digits = (n: number, count: number): string => String(n).padStart(count, '0');

/** "2025-06-01 12:00:00", UTC. */
export function utcText(ts: number): string {
  const t = toCivil(ts);
  const date = `${digits(t.year, 4)}-${digits(t.month, 2)}-${digits(t.day, 2)}`;
  return `${date} ${digits(t.hour, 2)}:${digits(t.minute, 2)}:${digits(Math.floor(t.second), 2)}`;
}

/** "2025-06-01T12:00:00.000Z": ISO 8601 with ms, UTC. */
export function isoText(ts: number): string {
  const thousandths = Math.floor((((ts % SECOND) + SECOND) % SECOND) + 1e-6);
  return `${utcText(ts).replace(' ', 'T')}.${digits(thousandths, 3)}Z`;
}
