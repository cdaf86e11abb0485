/** The first line of requests and replies. RFC 9112 §3 and §4, RFC 1945 for HTTP/0.9; oddities are told as Zeek names them. */
import { fieldText } from '../../text.ts';
import { isBlank, isTokenByte } from './headers.ts';

/** Tells of an oddity. */
export type Weird = (name: string, detail?: string) => void;

export interface RequestLine {
  method: string;
  /** Target with escapes resolved. */
  uri: string;
  version: string;
  /** Names of the variables in its query, as sent; undefined where there is none. */
  variables: string[] | undefined;
}

export interface StatusLine {
  version: string;
  /** 0 where there is no number. */
  code: number;
  /** Undefined where the line ends before it. */
  reason: string | undefined;
}

const HTTP = Uint8Array.from('http/', (c) => c.charCodeAt(0));
const PERCENT = 37;
const AMPERSAND = 38;
const EQUALS = 61;
const QUESTION_MARK = 63;
/** Variables of a target that are listed, and bytes of their names. */
const MAX_VARIABLES = 32;
const MAX_VARIABLE = 128;

/** Some write it in lower case and are understood; the bit leaves the slash as it is. */

function isHttp(b: Uint8Array, at: number, to: number): boolean {
  if (at + HTTP.length > to) return false;
  for (let i = 0; i < HTTP.length; i++) if ((b[at + i]! | 32) !== HTTP[i]) return false;
  return true;
}

function skipBlanks(b: Uint8Array, from: number, to: number): number {
  let at = from;
  while (at < to && isBlank(b[at]!)) at++;
  return at;
}

const isDigit = (c: number | undefined): boolean => c !== undefined && c >= 48 && c <= 57;

/** `1.1` from the bytes behind `HTTP/`; `0.0` where they are something else. */
function versionAt(b: Uint8Array, at: number, to: number): string {
  if (at + 3 > to || !isDigit(b[at]) || b[at + 1] !== 46 || !isDigit(b[at + 2])) return '0.0';
  if (b[at] === 49) return b[at + 2] === 49 ? '1.1' : b[at + 2] === 48 ? '1.0' : `1.${b[at + 2]! - 48}`;
  return `${b[at]! - 48}.${b[at + 2]! - 48}`;
}

/** Takes a request line apart; undefined for what is none, which was told. */
export function parseRequestLine(
  b: Uint8Array,
  from: number,
  to: number,
  weird: Weird,
): RequestLine | undefined {
  let end = from;
  while (end < to && isTokenByte(b[end]!)) end++;
  const target = skipBlanks(b, end, to);
  if (end === from || target === end) {
    const hasVersion = end === from && to - from >= 9 && isBlank(b[to - 9]!) && isHttp(b, to - 8, to);
    weird(hasVersion ? 'bad_HTTP_request_with_version' : 'bad_HTTP_request');
    return undefined;
  }
  const at = versionStart(b, target, to);
  const uriEnd = at < 0 ? to : trimmedEnd(b, target, at);
  const version = at < 0 ? '0.9' : versionAt(b, at + HTTP.length, to);
  if (at === target) weird('missing_HTTP_uri');
  // without a version anything of two words would pass, so ask for a name as long as GET and for a target
  if (at < 0 && (end - from < 3 || target === to)) {
    weird('bad_HTTP_request');
    return undefined;
  }
  const variables = queryVariables(b, target, uriEnd);
  return { method: fieldText(b, from, end), uri: unescaped(b, target, uriEnd, weird), version, variables };
}

/** Names are looked for before escapes are resolved: an escaped `&` is part of a value. */
function queryVariables(b: Uint8Array, from: number, to: number): string[] | undefined {
  let at = from;
  while (at < to && b[at] !== QUESTION_MARK) at++;
  if (at === to) return undefined;
  const names: string[] = [];
  while (++at < to && names.length < MAX_VARIABLES) {
    const first = at;
    while (at < to && b[at] !== EQUALS && b[at] !== AMPERSAND) at++;
    if (at > first) names.push(fieldText(b, first, Math.min(at, first + MAX_VARIABLE)));
    while (at < to && b[at] !== AMPERSAND) at++;
  }
  return names.length > 0 ? names : undefined;
}

/** Where `HTTP/` begins behind the target; -1 if nowhere. */
function versionStart(b: Uint8Array, from: number, to: number): number {
  if (isHttp(b, from, to)) return from;
  for (let at = from + 1; at < to; at++) if (isBlank(b[at - 1]!) && isHttp(b, at, to)) return at;
  return -1;
}

function trimmedEnd(b: Uint8Array, from: number, to: number): number {
  let end = to;
  while (end > from && isBlank(b[end - 1]!)) end--;
  return end;
}

/** Takes a status line apart; undefined for what is none. */
export function parseStatusLine(b: Uint8Array, from: number, to: number): StatusLine | undefined {
  if (!isHttp(b, from, to)) return undefined;
  let at = from + HTTP.length;
  const version = versionAt(b, at, to);
  while (at < to && !isBlank(b[at]!)) at++;
  at = skipBlanks(b, at, to);
  if (at + 3 > to) return undefined;
  const isNumber = isDigit(b[at]) && isDigit(b[at + 1]) && isDigit(b[at + 2]);
  const code = isNumber ? (b[at]! - 48) * 100 + (b[at + 1]! - 48) * 10 + b[at + 2]! - 48 : 0;
  at += 3;
  while (at < to && !isBlank(b[at]!)) at++;
  const reason = at < to ? fieldText(b, skipBlanks(b, at, to), to) : undefined;
  return { version, code, reason };
}

/** The target with its escapes resolved, as far as they are any. */
function unescaped(b: Uint8Array, from: number, to: number, weird: Weird): string {
  let first = from;
  while (first < to && b[first] !== PERCENT) first++;
  if (first === to) return fieldText(b, from, to);
  const out = new Uint8Array(to - from);
  let length = 0;
  for (let at = from; at < to; at++) {
    if (b[at] !== PERCENT) {
      out[length++] = b[at]!;
      continue;
    }
    const left = to - at - 1;
    if (left < 2) {
      weird(left === 0 ? 'illegal_%_at_end_of_URI' : 'partial_escape_at_end_of_URI');
      out[length++] = PERCENT;
      continue;
    }
    const byte = hexPair(b, at + 1);
    const isUnicode = byte < 0 && (b[at + 1]! | 32) === 117 && left >= 5;
    const [high, low] = isUnicode ? [hexPair(b, at + 2), hexPair(b, at + 4)] : [-1, -1];
    if (byte >= 0) {
      out[length++] = byte;
      at += 2;
    } else if (high >= 0 && low >= 0) {
      if (high > 0) out[length++] = high;
      out[length++] = low;
      at += 5;
    } else {
      weird(b[at + 1] === PERCENT ? 'double_%_in_URI' : 'unescaped_%_in_URI');
      if (b[at + 1] !== PERCENT) out[length++] = PERCENT;
    }
  }
  return fieldText(out, 0, length);
}

function hexPair(b: Uint8Array, at: number): number {
  const [high, low] = [hexDigit(b[at]!), hexDigit(b[at + 1]!)];
  return high < 0 || low < 0 ? -1 : (high << 4) | low;
}

/** Value of a hexadecimal digit, -1 for other bytes. */
export function hexDigit(c: number): number {
  if (c >= 48 && c <= 57) return c - 48;
  const lower = c | 32;
  return lower >= 97 && lower <= 102 ? lower - 87 : -1;
}
