/** Texts within LDAP messages: bytes that cannot be printed are shown as question marks, as Zeek does. */
import { fieldText } from '../../text.ts';
import type { Der } from '../der.ts';

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const UNPRINTABLE = /[\u0000-\u001f\u007f]/g;

/** Text of a value, at most 4,096 bytes of it. */
export const ldapText = (der: Der | undefined): string =>
  der ? fieldText(der.bytes, der.from, Math.min(der.to, der.from + 4_096)).replace(UNPRINTABLE, '?') : '';

/** An INTEGER or ENUMERATED of up to four bytes; undefined if it is longer or empty. */
export function ldapInteger(der: Der | undefined): number | undefined {
  if (!der || der.to === der.from || der.to - der.from > 4) return undefined;
  let value = 0;
  for (let i = der.from; i < der.to; i++) value = value * 256 + der.bytes[i]!;
  return value;
}
