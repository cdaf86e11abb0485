/** Values of Zeek's logs, as text or JSON, turned into the values that records hold. */
import { canonicalAddress, type Field, type FieldType } from '@thymus/core';

export type Value = string | number | boolean | readonly string[] | readonly number[];

/** Turns a value as a log has it into a record's; undefined if it is no value of the type. */
export type FromText = (text: string) => Value | undefined;
export type FromJson = (value: unknown) => Value | undefined;

const addresses = new Map<string, string | undefined>();

/** The canonical text of an address, from the last few ten thousand seen. */
function address(text: string): string | undefined {
  const known = addresses.get(text);
  if (known !== undefined) return known;
  const canonical = canonicalAddress(text);
  if (addresses.size >= 65_536) addresses.clear();
  addresses.set(text, canonical);
  return canonical;
}

/** Seconds as ms, whole µs kept exactly. */
export const secondsToMs = (seconds: number): number => Math.round(seconds * 1e6) / 1e3;

function number(text: string): number | undefined {
  const value = text === '' ? Number.NaN : Number(text);
  return Number.isFinite(value) ? value : undefined;
}

function milliseconds(text: string): number | undefined {
  const seconds = number(text);
  return seconds === undefined ? undefined : secondsToMs(seconds);
}

function integer(text: string, max: number): number | undefined {
  const value = number(text);
  return value !== undefined && Number.isInteger(value) && value >= 0 && value <= max ? value : undefined;
}

/** A date as ISO 8601 has it, with as many digits of a second as it gives; also Suricata's "+0000". */
export function isoToMs(text: string): number | undefined {
  const parts = /^(\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d)(\.\d+)?(Z|[+-]\d\d):?(\d\d)?$/.exec(text);
  if (!parts) return undefined;
  const [, base, fraction = '0', zone, minutes = '00'] = parts;
  const whole = Date.parse(`${base!.replace(' ', 'T')}${zone === 'Z' ? 'Z' : `${zone}:${minutes}`}`);
  return Number.isNaN(whole) ? undefined : whole + Math.round(Number(fraction) * 1e6) / 1e3;
}

/** Zeek writes bytes it will not print as \xNN and a backslash as two; bytes that form no UTF-8 stay escaped. */
export function unescapeZeek(text: string): string {
  if (!text.includes('\\')) return text;
  return text.replace(/(?:\\x[0-9a-fA-F]{2})+|\\\\/g, (found) => {
    if (found === '\\\\') return '\\';
    const bytes = Buffer.from(found.replaceAll('\\x', ''), 'hex');
    const decoded = bytes.toString('utf8');
    return decoded.includes('\ufffd') ? bytes.toString('latin1') : decoded;
  });
}

const BOOLEANS: Readonly<Record<string, boolean>> = {
  T: true,
  F: false,
  true: true,
  false: false,
  '1': true,
  '0': false,
};

const ofText: Readonly<Record<Exclude<FieldType, 'strings' | 'intervals'>, FromText>> = {
  time: (text) => milliseconds(text) ?? isoToMs(text),
  interval: milliseconds,
  string: unescapeZeek,
  category: unescapeZeek,
  addr: address,
  port: (text) => integer(text, 65_535),
  count: (text) => integer(text, Number.MAX_SAFE_INTEGER),
  double: number,
  bool: (text) => BOOLEANS[text],
};

/** How a field reads its text, with the separator of lists that the file's header names. */
export function fromText(field: Field, setSeparator: string): FromText {
  if (field.type === 'strings') return (text) => text.split(setSeparator).map(unescapeZeek);
  if (field.type === 'intervals') return (text) => allOf(text.split(setSeparator).map(milliseconds));
  return ofText[field.type];
}

/** How a field reads a JSON value: as written by Zeek, or as text that says the same. */
export function fromJson(field: Field): FromJson {
  if (field.type === 'strings') return (value) => list(value).map(String);
  if (field.type === 'intervals')
    return (value) => allOf(list(value).map((item) => milliseconds(String(item))));
  const read = ofText[field.type];
  if (field.type === 'string' || field.type === 'category')
    return (value) => jsonText(Array.isArray(value) ? value[0] : value);
  if (field.type === 'bool') return (value) => (typeof value === 'boolean' ? value : read(String(value)));
  return (value) => read(String(Array.isArray(value) ? value[0] : value));
}

const jsonText = (value: unknown): string | undefined =>
  typeof value === 'object' ? JSON.stringify(value) : String(value);

const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : [value]);

const allOf = (values: (number | undefined)[]): number[] | undefined =>
  values.includes(undefined) ? undefined : (values as number[]);
