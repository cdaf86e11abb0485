/** Header fields by name without making a text of it, and the parameters inside their values. RFC 9110 §5, RFC 6266, RFC 8187. */
import { fieldText, latin1Text } from '../../text.ts';

/** The fields that are looked at. */
const NAMES = [
  'host',
  'origin',
  'referer',
  'user-agent',
  'server',
  'authorization',
  'proxy-authorization',
  'www-authenticate',
  'proxy-authenticate',
  'connection',
  'upgrade',
  'content-length',
  'content-range',
  'content-type',
  'content-encoding',
  'content-disposition',
  'transfer-encoding',
  'forwarded',
  'x-forwarded-for',
  'x-forwarded-from',
  'client-ip',
  'via',
  'xroxy-connection',
  'proxy-connection',
  'sec-websocket-key',
  'sec-websocket-accept',
  'sec-websocket-protocol',
  'sec-websocket-extensions',
] as const;

export type HeaderName = (typeof NAMES)[number];

const byLength: readonly (readonly HeaderName[])[] = Array.from({ length: 32 }, (_, length) =>
  NAMES.filter((name) => name.length === length),
);

/** True for the fields that open a WebSocket. */
export const isWebSocketHeader = (name: HeaderName | undefined): boolean =>
  name?.startsWith('sec-websocket-') ?? false;

/** The fields that tell of a proxy. */
export const PROXY_HEADERS: ReadonlySet<HeaderName> = new Set([
  'forwarded',
  'x-forwarded-for',
  'x-forwarded-from',
  'client-ip',
  'via',
  'xroxy-connection',
  'proxy-connection',
]);

/** One field: its name where it is a known one, and where its value stands. Reused from line to line. */
export class HeaderLine {
  name: HeaderName | undefined;
  bytes: Uint8Array = new Uint8Array(0);
  from = 0;
  to = 0;

  /** Takes a line apart; false where there is no colon. White space before the value goes, behind it stays. */
  parse(bytes: Uint8Array, from: number, to: number): boolean {
    let end = from;
    while (end < to && bytes[end] !== COLON && bytes[end]! > 32) end++;
    let at = end;
    while (at < to && isBlank(bytes[at]!)) at++;
    if (at === to || bytes[at] !== COLON || end === from) return false;
    at++;
    while (at < to && isBlank(bytes[at]!)) at++;
    this.name = nameOf(bytes, from, end);
    this.bytes = bytes;
    this.from = at;
    this.to = to;
    return true;
  }

  get value(): string {
    return fieldText(this.bytes, this.from, this.to);
  }

  /** The first word of the value, in lower case: up to white space or a separator. */
  get word(): string {
    let end = this.from;
    while (end < this.to && isTokenByte(this.bytes[end]!)) end++;
    return latin1Text(this.bytes, this.from, end).toLowerCase();
  }
}

const COLON = 58;
export const isBlank = (c: number): boolean => c === 32 || c === 9;

function nameOf(bytes: Uint8Array, from: number, to: number): HeaderName | undefined {
  const candidates = byLength[to - from];
  if (!candidates) return undefined;
  for (const name of candidates) if (equalsIgnoringCase(bytes, from, name)) return name;
  return undefined;
}

function equalsIgnoringCase(bytes: Uint8Array, from: number, lower: string): boolean {
  for (let i = 0; i < lower.length; i++) {
    const c = bytes[from + i]!;
    if ((c >= 65 && c <= 90 ? c + 32 : c) !== lower.charCodeAt(i)) return false;
  }
  return true;
}

const TOKEN = new Uint8Array(256);
for (let c = 33; c < 127; c++) if (!'()<>@,;:\\"/[]?={}'.includes(String.fromCharCode(c))) TOKEN[c] = 1;

/** RFC 2616 §2.2: what a method or a parameter's name is made of. */
export const isTokenByte = (c: number): boolean => TOKEN[c] === 1;

/** A parameter of a value: `filename="a b"` or `boundary=x`; undefined where it is not there. */
export function parameter(value: string, name: string): string | undefined {
  const lower = value.toLowerCase();
  for (let at = lower.indexOf(name); at >= 0; at = lower.indexOf(name, at + 1)) {
    const before = at === 0 ? ';' : lower[at - 1]!;
    let end = at + name.length;
    while (lower[end] === ' ' || lower[end] === '\t') end++;
    if ((before === ';' || before === ' ' || before === '\t') && lower[end] === '=')
      return unquoted(value, end + 1);
  }
  return undefined;
}

function unquoted(value: string, from: number): string {
  let at = from;
  while (value[at] === ' ' || value[at] === '\t') at++;
  if (value[at] !== '"') {
    const end = value.indexOf(';', at);
    return value.slice(at, end < 0 ? undefined : end).trimEnd();
  }
  let text = '';
  for (let i = at + 1; i < value.length && value[i] !== '"'; i++) {
    if (value[i] === '\\' && i + 1 < value.length) i++;
    text += value[i];
  }
  return text;
}

/** The file name in a Content-Disposition; undefined where there is none. */
export function fileName(value: string): string | undefined {
  const extended = parameter(value, 'filename*');
  return extended === undefined ? parameter(value, 'filename') : decodeExtended(extended);
}

/** `UTF-8''na%C3%AFve`; as it stands where it cannot be decoded. */
function decodeExtended(text: string): string {
  const start = text.indexOf("'", text.indexOf("'") + 1) + 1;
  const encoded = text.slice(start);
  const bytes: number[] = [];
  for (let i = 0; i < encoded.length; i++) {
    const code = encoded[i] === '%' ? Number.parseInt(encoded.slice(i + 1, i + 3), 16) : Number.NaN;
    if (!Number.isNaN(code)) i += 2;
    bytes.push(Number.isNaN(code) ? encoded.charCodeAt(i) : code);
  }
  return fieldText(Uint8Array.from(bytes));
}
