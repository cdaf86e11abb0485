/** Screen state in the URL: plain parameters, read with care and written only where they differ from the default. */

/** Parameters of a link as text; the last of a repeated one counts. */
export function parseSearch(text: string): Record<string, string> {
  return Object.fromEntries(new URLSearchParams(text.startsWith('?') ? text.slice(1) : text));
}

/** `?a=1&b=x`, or nothing. Undefined, empty and false values are left out, lists are joined by commas. */
export function stringifySearch(search: Record<string, unknown>): string {
  const out = new URLSearchParams();
  for (const [name, value] of Object.entries(search)) {
    const text = Array.isArray(value) ? value.join(',') : value === true ? '1' : value;
    if (text !== undefined && text !== null && text !== '' && text !== false) out.set(name, String(text));
  }
  // colons and commas are legal here and make links readable
  const query = out.toString().replaceAll('%3A', ':').replaceAll('%2C', ',');
  return query === '' ? '' : `?${query}`;
}

/** A whole number brought into its bounds; `otherwise` for what is none. */
export function wholeNumber(value: unknown, low: number, high: number, otherwise: number): number {
  const n =
    typeof value === 'number'
      ? value
      : typeof value === 'string' && value !== ''
        ? Number(value)
        : Number.NaN;
  return Number.isFinite(n) ? Math.min(high, Math.max(low, Math.round(n))) : otherwise;
}

/** The value if it is one of the allowed ones. */
export function oneOf<T extends string>(value: unknown, allowed: readonly T[], otherwise: T): T {
  return allowed.find((a) => a === value) ?? otherwise;
}

/** Those of a comma list that are allowed, each once, in the allowed order. */
export function someOf<T extends string>(value: unknown, allowed: readonly T[]): T[] {
  const asked: readonly unknown[] = Array.isArray(value)
    ? value
    : typeof value === 'string'
      ? value.split(',')
      : [];
  return allowed.filter((a) => asked.includes(a));
}

/** Free text of bounded length; anything else is empty. */
export function freeText(value: unknown, most = 10_000): string {
  return typeof value === 'string' ? value.slice(0, most) : typeof value === 'number' ? String(value) : '';
}

export const isOn = (value: unknown): boolean => value === true || value === '1' || value === 'true';
