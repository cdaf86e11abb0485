/** Dates as clients of the API write them: those of the MSSP guide, Appendix A, and those seen on the wire. */
import { type CivilTime, fromCivil } from '@thymus/core';

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

/** 2025-06-01, 2025-06-01 12:00[:00[.123456]], the same with T; 20250601T120000, 20250601T12:00:00; Z or an offset. */
const ISO =
  /^(\d{4})-?(\d\d)-?(\d\d)(?:[T ](\d\d):?(\d\d)(?::?(\d\d(?:[.,]\d{1,9})?))?)?\s*(Z|UTC|GMT|[+-]\d\d(?::?\d\d)?)?$/i;

/** Sun, 01 Jun 2025 12:00:00 [GMT|UTC|+0000] */
const HTTP =
  /^[a-z]{3},? (\d{1,2})[ -]([a-z]{3})[ -](\d{4}) (\d\d):(\d\d):(\d\d)\s*(Z|UTC|GMT|[+-]\d\d:?\d\d)?$/i;

/** Sun Jun 1 12:00:00 2025; the day may be padded with a blank. */
const ASCTIME = /^[a-z]{3} ([a-z]{3}) {1,2}(\d{1,2}) (\d\d):(\d\d):(\d\d) (\d{4})$/i;

/** ms that a zone is ahead of UTC; none = UTC. */
function offsetOf(zone: string | undefined): number {
  const match = /^([+-])(\d\d):?(\d\d)?$/.exec(zone ?? '');
  if (!match) return 0;
  const minutes = Number(match[2]) * 60 + Number(match[3] ?? 0);
  return (match[1] === '-' ? -minutes : minutes) * 60_000;
}

function civil(parts: readonly (string | undefined)[], zone?: string): number | undefined {
  const [year, month, day, hour, minute, second] = parts.map((part) => Number(part?.replace(',', '.') ?? 0));
  const time = fromCivil({ year, month, day, hour, minute, second } as CivilTime);
  return time === undefined ? undefined : time - offsetOf(zone);
}

const monthOf = (name: string | undefined): string => String(MONTHS.indexOf(name?.toLowerCase() ?? '') + 1);

/** ms since the epoch of a date in any of the known forms, UTC unless it names a zone; undefined for other texts. */
export function parseApiDate(text: string): number | undefined {
  const trimmed = text.trim();
  const iso = ISO.exec(trimmed);
  if (iso) return civil(iso.slice(1, 7), iso[7]);
  const http = HTTP.exec(trimmed);
  if (http) return civil([http[3], monthOf(http[2]), http[1], http[4], http[5], http[6]], http[7]);
  const asc = ASCTIME.exec(trimmed);
  if (asc) return civil([asc[6], monthOf(asc[1]), asc[2], asc[3], asc[4], asc[5]]);
  return undefined;
}
