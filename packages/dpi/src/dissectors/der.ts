/** ASN.1 values in DER: where they lie and what the primitive ones say. ITU-T X.690 §8, §10. */
import { utf8 } from '@thymus/core';
import { hexText, latin1Text } from '../text.ts';

/** One value: its tag byte, where its header starts and where its content lies. */
export interface Der {
  readonly bytes: Uint8Array;
  readonly tag: number;
  readonly start: number;
  readonly from: number;
  readonly to: number;
}

export const INTEGER = 0x02;
export const BIT_STRING = 0x03;
export const OCTET_STRING = 0x04;
export const OID = 0x06;
export const UTC_TIME = 0x17;
export const GENERALIZED_TIME = 0x18;
export const SEQUENCE = 0x30;
export const SET = 0x31;

/** Tag byte of a constructed context-specific value. */
export const context = (n: number): number => 0xa0 | n;

/**
 * The value at `at`, or undefined if it does not lie within `end`, has a tag above 30 or a length DER does not allow.
 */
export function derAt(bytes: Uint8Array, at = 0, end = bytes.length): Der | undefined {
  if (at + 2 > end || (bytes[at]! & 0x1f) === 0x1f) return undefined;
  let length = bytes[at + 1]!;
  let from = at + 2;
  if (length & 0x80) {
    const digits = length & 0x7f;
    if (digits === 0 || digits > 4 || from + digits > end) return undefined;
    length = 0;
    for (let i = 0; i < digits; i++) length = length * 256 + bytes[from++]!;
  }
  return from + length > end ? undefined : { bytes, tag: bytes[at]!, start: at, from, to: from + length };
}

/** The values within a value, up to the first that is broken and up to `most` of them. */
export function children(der: Der | undefined, most = 1024): Der[] {
  const found: Der[] = [];
  for (let at = der?.from ?? 0; der && at < der.to && found.length < most; ) {
    const child = derAt(der.bytes, at, der.to);
    if (!child) break;
    found.push(child);
    at = child.to;
  }
  return found;
}

/** The first value within a value. */
export const inner = (der: Der | undefined): Der | undefined => der && derAt(der.bytes, der.from, der.to);

/** What an explicit context tag `[n]` among `list` wraps. */
export const tagged = (list: readonly Der[], n: number): Der | undefined =>
  inner(list.find((der) => der.tag === context(n)));

/** The content bytes, as a view. */
export const content = (der: Der): Uint8Array => der.bytes.subarray(der.from, der.to);

/** Header and content, as a view. */
export const whole = (der: Der): Uint8Array => der.bytes.subarray(der.start, der.to);

/** Content as text, one character per byte; at most 1,024 of them. */
export const derLatin1 = (der: Der): string =>
  latin1Text(der.bytes, der.from, Math.min(der.to, der.from + 1024));

/** Content as UTF-8 text; at most 1,024 bytes of it. */
export const derUtf8 = (der: Der): string =>
  utf8(der.bytes.subarray(der.from, Math.min(der.to, der.from + 1024)));

/** A small integer, negative ones included; undefined if it is none or has more than 48 bits. */
export function derInteger(der: Der | undefined): number | undefined {
  if (!der || der.tag !== INTEGER || der.to === der.from || der.to - der.from > 6) return undefined;
  let value = (der.bytes[der.from]! << 24) >> 24;
  for (let i = der.from + 1; i < der.to; i++) value = value * 256 + der.bytes[i]!;
  return value;
}

/** Dotted text of an object identifier; empty if it is none. */
export function derOid(der: Der | undefined): string {
  if (!der || der.tag !== OID || der.to === der.from || der.to - der.from > 64) return '';
  const arcs: number[] = [];
  let arc = 0;
  for (let i = der.from; i < der.to; i++) {
    const byte = der.bytes[i]!;
    arc = arc * 128 + (byte & 0x7f);
    if (arc > Number.MAX_SAFE_INTEGER / 256) return '';
    if (byte & 0x80) continue;
    if (arcs.length === 0) {
      const root = Math.min(2, Math.floor(arc / 40));
      arcs.push(root, arc - root * 40);
    } else arcs.push(arc);
    arc = 0;
  }
  return arcs.join('.');
}

/** Days from 1970-01-01 to a day of the proleptic Gregorian calendar (Hinnant's days_from_civil). */
function daysTo(year: number, month: number, day: number): number {
  const y = month <= 2 ? year - 1 : year;
  const era = Math.floor(y / 400);
  const ofEra = y - era * 400;
  const ofYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  return era * 146_097 + ofEra * 365 + Math.floor(ofEra / 4) - Math.floor(ofEra / 100) + ofYear - 719_468;
}

const TIME = /^(\d\d)?(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)?(?:[.,](\d{1,6}))?(Z|[+-]\d{4})?$/;

/** ms since the epoch of a UTCTime or GeneralizedTime (RFC 5280 §4.1.2.5); undefined if it is no time. */
export function derTime(der: Der | undefined): number | undefined {
  if (!der || (der.tag !== UTC_TIME && der.tag !== GENERALIZED_TIME) || der.to - der.from > 28)
    return undefined;
  const text = derLatin1(der);
  const match = TIME.exec(der.tag === UTC_TIME ? `${text < '5' ? '20' : '19'}${text}` : text);
  if (!match) return undefined;
  const [, century, ...rest] = match;
  const [year, month, day, hour, minute, second] = rest.slice(0, 6).map((part) => Number(part ?? 0));
  if (century === undefined || month! < 1 || month! > 12 || day! < 1 || day! > 31) return undefined;
  const zone = rest[7] ?? 'Z';
  const shift = zone === 'Z' ? 0 : Number(zone.slice(0, 3)) * 60 + Number(`${zone[0]}${zone.slice(3)}`);
  const minutes = daysTo(Number(century) * 100 + year!, month!, day!) * 1440 + hour! * 60 + minute! - shift;
  return minutes * 60_000 + second! * 1000 + Number(`0.${rest[6] ?? 0}`) * 1000;
}

/** Up to 1,024 bytes as lower-case hexadecimal text. */
export const derHex = (bytes: Uint8Array): string => hexText(bytes, 0, Math.min(bytes.length, 1024));
