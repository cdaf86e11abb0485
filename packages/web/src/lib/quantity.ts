/** Numbers as text, in the manner of the field: digits grouped, bytes in decimal units. */

const grouped = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });
const compact = new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 });

/** `143,632`; `-` for what is no number. */
export const formatCount = (n: number | undefined): string =>
  n === undefined || !Number.isFinite(n) ? '-' : grouped.format(n);

/** `143.6K`, for narrow places. */
export const formatCompact = (n: number): string => (Number.isFinite(n) ? compact.format(n) : '-');

const BYTE_UNITS = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'];

/** `1.8 GB`; three significant figures. */
export function formatBytes(bytes: number): string {
  if (!Number.isFinite(bytes)) return '-';
  let value = bytes;
  let unit = 0;
  while (Math.abs(value) >= 999.5 && unit < BYTE_UNITS.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${Number(value.toPrecision(3))} ${BYTE_UNITS[unit]}`;
}

/** Usual values come from a fit: more places than these would promise what nobody knows. */
function fraction(value: number): string {
  if (value !== 0 && Math.abs(value) < 0.005) return value > 0 ? '< 0.01' : '> -0.01';
  return String(Number(value.toFixed(Math.abs(value) >= 10 ? 1 : 2)));
}

/** A value in the unit of its metric: bytes by their size, others grouped, fractions to at most two places. */
export function formatQuantity(value: number, unit = ''): string {
  if (/^(B|bytes?)$/i.test(unit)) return formatBytes(value);
  const text = Number.isInteger(value) || Math.abs(value) >= 1000 ? formatCount(value) : fraction(value);
  return unit === '' ? text : `${text} ${unit}`;
}

/** A probability as "1 in N" below one percent, which people judge better than 0.00032. */
export function formatChance(p: number): string {
  if (!(p > 0)) return 'practically never';
  if (p >= 0.01) return `${Number((p * 100).toPrecision(2))} %`;
  return `1 in ${formatCompact(Number((1 / p).toPrecision(2)))}`;
}
