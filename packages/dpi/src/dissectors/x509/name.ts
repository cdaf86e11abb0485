/** Distinguished names as text, last part first, in the form that RFC 2253 gives and OpenSSL and Zeek print. */
import { children, type Der, derHex, derLatin1, derOid, derUtf8, whole } from '../der.ts';
import oids from './oids.json' with { type: 'json' };

const ATTRIBUTES: Readonly<Record<string, string>> = oids.attributes;
const encoder = new TextEncoder();

/** Bytes per character of the string types, by tag (X.690 §8.23); 0 = UTF-8. */
const WIDTHS = new Map([
  [0x0c, 0],
  [0x12, 1],
  [0x13, 1],
  [0x14, 1],
  [0x16, 1],
  [0x17, 1],
  [0x18, 1],
  [0x1a, 1],
  [0x1c, 4],
  [0x1e, 2],
]);

/** Text of any of ASN.1's string types; undefined for other types. At most 1,024 bytes of it are read. */
export function derText(der: Der): string | undefined {
  const width = WIDTHS.get(der.tag);
  if (width === undefined) return undefined;
  if (width === 0) return derUtf8(der);
  if (width === 1) return derLatin1(der);
  let text = '';
  const end = Math.min(der.to, der.from + 1024) - width;
  for (let at = der.from; at <= end; at += width) {
    let code = 0;
    for (let i = 0; i < width; i++) code = code * 256 + der.bytes[at + i]!;
    text += code > 0x10ffff ? '\ufffd' : String.fromCodePoint(code);
  }
  return text;
}

const escapeByte = (byte: number): string => `\\${byte.toString(16).toUpperCase().padStart(2, '0')}`;

/** One character within a name: RFC 2253 §2.4, and everything outside printable ASCII as hexadecimal. */
function escapeCharacter(character: string, isFirst: boolean, isLast: boolean): string {
  const code = character.codePointAt(0)!;
  if (code > 126 || code < 32) return Array.from(encoder.encode(character), escapeByte).join('');
  if (',+"\\<>;'.includes(character)) return `\\${character}`;
  if ((character === ' ' && (isFirst || isLast)) || (character === '#' && isFirst)) return `\\${character}`;
  return character;
}

function formatValue(der: Der, isKnown: boolean): string {
  const text = isKnown ? derText(der) : undefined;
  if (text === undefined) return `#${derHex(whole(der)).toUpperCase()}`;
  const characters = Array.from(text);
  return characters.map((c, i) => escapeCharacter(c, i === 0, i === characters.length - 1)).join('');
}

function formatAttribute(der: Der): string {
  const [type, value] = children(der, 2);
  const oid = derOid(type);
  if (oid === '' || !value) return '';
  const known = ATTRIBUTES[oid];
  return `${known ?? oid}=${formatValue(value, known !== undefined)}`;
}

/** Text of a Name (RFC 5280 §4.1.2.4); at most 64 parts of it. */
export function formatName(name: Der | undefined): string {
  const parts = children(name, 64).map((set) => children(set, 16).map(formatAttribute).reverse().join('+'));
  return parts.reverse().join(',');
}

/** The last common name within a Name, or undefined. */
export function commonName(name: Der | undefined): string | undefined {
  for (const set of children(name, 64).reverse()) {
    for (const attribute of children(set, 16)) {
      const [type, value] = children(attribute, 2);
      if (value && derOid(type) === '2.5.4.3') return derText(value);
    }
  }
  return undefined;
}
