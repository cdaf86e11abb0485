/** Search filters as text. RFC 4511 §4.5.1.7; the form is Zeek's: of three and more conditions two are joined at a time. */
import { MAX_TEXT } from '../../text.ts';
import { children, type Der, derAt } from '../der.ts';
import { ldapText } from './text.ts';

const AND = 0xa0;
const OR = 0xa1;
const NOT = 0xa2;
const SUBSTRINGS = 0xa4;
const PRESENT = 0x87;
const EXTENSIBLE = 0xa9;
const COMPARISONS: ReadonlyMap<number, string> = new Map([
  [0xa3, '='],
  [0xa5, '>='],
  [0xa6, '<='],
  [0xa8, '~='],
]);

/** Filters within filters, and conditions of one filter, that are written out. */
const DEEPEST = 24;
const MOST_CONDITIONS = 256;

const BROKEN = 'FILTER_PARSING_ERROR';

const bytesHex = (der: Der): string[] =>
  Array.from(der.bytes.subarray(der.from, Math.min(der.to, der.from + 64)), (byte) =>
    byte.toString(16).padStart(2, '0'),
  );

/** Attributes of domain controllers' pings whose values are no text, MS-ADTS §6.3.3. */
function binaryValue(attribute: string, value: Der): string | undefined {
  const digits = bytesHex(value);
  switch (attribute) {
    case 'DomainGuid':
      return digits.length === 16 ? guidText(digits) : 'GUID_FORMAT_FAILED';
    case 'objectSid':
    case 'AAC':
      return digits.join(':');
    case 'DomainSid':
      return digits.length === 24 ? sidText(value) : 'SID_FORMAT_FAILED';
    case 'NtVer':
      return digits.length === 4 ? `0x${digits.reverse().join('')}` : 'HEX_FORMAT_FAILED';
    default:
      return undefined;
  }
}

function guidText(digits: readonly string[]): string {
  const order = [3, 2, 1, 0, -1, 5, 4, -1, 7, 6, -1, 8, 9, -1, 10, 11, 12, 13, 14, 15];
  return order.map((i) => (i < 0 ? '-' : digits[i])).join('');
}

function sidText({ bytes, from }: Der): string {
  const view = new DataView(bytes.buffer, bytes.byteOffset + from, 24);
  const authority = view.getUint16(2) * 0x1_0000_0000 + view.getUint32(4);
  const parts = [8, 12, 16, 20].map((at) => view.getUint32(at, true));
  return `S-${view.getUint8(0)}-${authority}-${parts.join('-')}`;
}

function comparison(der: Der, operator: string): string {
  const [attribute, value] = children(der, 2);
  if (!attribute || !value) return BROKEN;
  const name = ldapText(attribute);
  return `(${name}${operator}${binaryValue(name, value) ?? ldapText(value)})`;
}

function substrings(der: Der): string {
  const [attribute, list] = children(der, 2);
  const parts = children(list, 64);
  const of = (tag: number): string[] => parts.filter((part) => part.tag === tag).map(ldapText);
  const between = of(0x81).map((text) => `${text}*`);
  return `(${ldapText(attribute)}=${of(0x80).join('')}*${between.join('')}${of(0x82).join('')})`;
}

function extensible(der: Der): string {
  const parts = children(der, 4);
  const of = (tag: number): string => ldapText(parts.find((part) => part.tag === tag));
  return `(${of(0x82)}:${of(0x81)}:=${of(0x83)})`;
}

function joined(der: Der, sign: string, depth: number): string {
  let text = '';
  const conditions = children(der, MOST_CONDITIONS);
  for (const [i, condition] of conditions.entries()) {
    if (text.length > MAX_TEXT) break;
    const next = write(condition, depth + 1);
    if (i === 0) text = `(${sign}${next}${conditions.length === 1 ? ')' : ''}`;
    else text = i === 1 ? `${text}${next})` : `(${sign}${text}${next})`;
  }
  return text;
}

function write(der: Der, depth: number): string {
  if (depth > DEEPEST) return BROKEN;
  switch (der.tag) {
    case AND:
      return joined(der, '&', depth);
    case OR:
      return joined(der, '|', depth);
    case NOT: {
      const held = derAt(der.bytes, der.from, der.to);
      return held ? `(!${write(held, depth + 1)})` : BROKEN;
    }
    case SUBSTRINGS:
      return substrings(der);
    case PRESENT:
      return `(${ldapText(der)}=*)`;
    case EXTENSIBLE:
      return extensible(der);
    default: {
      const operator = COMPARISONS.get(der.tag);
      return operator ? comparison(der, operator) : BROKEN;
    }
  }
}

/** A filter as text, cut where it grows past what a row holds. */
export const filterText = (der: Der): string => write(der, 0).slice(0, MAX_TEXT);
