/** UTC dates and ms since the epoch, both ways, without a clock. Proleptic Gregorian calendar, as ISO 8601. */

const DAY = 86_400_000;

/** Days since the epoch; month 1 to 12. After Howard Hinnant, "chrono-compatible low-level date algorithms". */
function daysOf(year: number, month: number, day: number): number {
  const y = month <= 2 ? year - 1 : year;
  const era = Math.floor(y / 400);
  const yearOfEra = y - era * 400;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * 146_097 + dayOfEra - 719_468;
}

const isLeap = (year: number): boolean => year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);

const daysIn = (year: number, month: number): number =>
  month === 2 ? (isLeap(year) ? 29 : 28) : [4, 6, 9, 11].includes(month) ? 30 : 31;

export interface CivilTime {
  year: number;
  /** 1 to 12. */
  month: number;
  day: number;
  hour: number;
  minute: number;
  /** With fraction. */
  second: number;
}

/** ms since the epoch; undefined for a date that no calendar has. */
export function fromCivil({ year, month, day, hour, minute, second }: CivilTime): number | undefined {
  const isDate = month >= 1 && month <= 12 && day >= 1 && day <= daysIn(year, month);
  if (!isDate || hour > 23 || minute > 59 || second >= 61) return undefined;
  return (
    daysOf(year, month, day) * DAY + hour * 3_600_000 + minute * 60_000 + Math.round(second * 1e6) / 1000
  );
}

export function toCivil(ms: number): CivilTime {
  const days = Math.floor(ms / DAY);
  const rest = ms - days * DAY;
  const z = days + 719_468;
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
  const shifted = Math.floor((5 * dayOfYear + 2) / 153);
  const month = shifted < 10 ? shifted + 3 : shifted - 9;
  return {
    year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0),
    month,
    day: dayOfYear - Math.floor((153 * shifted + 2) / 5) + 1,
    hour: Math.floor(rest / 3_600_000),
    minute: Math.floor(rest / 60_000) % 60,
    second: (rest % 60_000) / 1000,
  };
}

const two = (n: number): string => String(n).padStart(2, '0');

/** "2025-06-01 12:00:00", UTC: how the documented API writes times as text. */
export function utcText(ms: number): string {
  const t = toCivil(ms);
  const date = `${String(t.year).padStart(4, '0')}-${two(t.month)}-${two(t.day)}`;
  return `${date} ${two(t.hour)}:${two(t.minute)}:${two(Math.floor(t.second))}`;
}

/** "2025-06-01T12:00:00.000Z": how Advanced Search writes times. */
export function isoText(ms: number): string {
  const thousandths = Math.floor((((ms % 1000) + 1000) % 1000) + 1e-6);
  return `${utcText(ms).replace(' ', 'T')}.${String(thousandths).padStart(3, '0')}Z`;
}
