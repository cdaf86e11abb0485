/** Civil time as arithmetic: days, hours and weekdays of instants in ms since the epoch, UTC. */

export const SECOND = 1000;
export const MINUTE = 60_000;
export const HOUR = 3_600_000;
export const DAY = 86_400_000;

/** Midnight of the day of an instant. */
export const midnight = (ts: number): number => Math.floor(ts / DAY) * DAY;

/** Hour of the day with fraction, 0 to 24. */
export const hourOfDay = (ts: number): number => (ts - midnight(ts)) / HOUR;

/** 0 = Sunday. 1 January 1970 was a Thursday. */
export const weekday = (ts: number): number => (Math.floor(ts / DAY) + 4) % 7;

export const isWeekend = (ts: number): boolean => weekday(ts) === 0 || weekday(ts) === 6;

/** Day of the month, 1 to 31, and month, 1 to 12: Howard Hinnant's civil-from-days. */
export function dayAndMonth(ts: number): { day: number; month: number } {
  const z = Math.floor(ts / DAY) + 719_468;
  const era = Math.floor(z / 146_097);
  const dayOfEra = z - era * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra -
      Math.floor(dayOfEra / 1460) +
      Math.floor(dayOfEra / 36_524) -
      Math.floor(dayOfEra / 146_096)) /
      365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const month = Math.floor((5 * dayOfYear + 2) / 153);
  return {
    day: dayOfYear - Math.floor((153 * month + 2) / 5) + 1,
    month: month < 10 ? month + 3 : month - 9,
  };
}

/** The second Tuesday of a month, when patches are rolled out. */
export function isPatchDay(ts: number): boolean {
  const { day } = dayAndMonth(ts);
  return weekday(ts) === 2 && day >= 8 && day <= 14;
}
