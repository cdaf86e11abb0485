/** What PostgreSQL messages hold: parameters of a log-in, parts of an error. PostgreSQL manual, "Message Formats". */
import { fieldText, latin1Text } from '../../text.ts';
import { errorFieldName } from './names.ts';

/** Parts of an error; the manual knows 18. */
const MOST_PARTS = 64;
const MOST_PARAMETERS = 256;

export const uint32 = (bytes: Uint8Array, at: number): number =>
  bytes[at]! * 0x100_0000 + ((bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!);

/** The text at `from` up to a zero, and where it ends. */
export function zeroText(bytes: Uint8Array, from: number): { text: string; end: number } {
  const zero = bytes.indexOf(0, from);
  const end = zero < 0 ? bytes.length : zero;
  return { text: fieldText(bytes, from, end), end };
}

/** Names and values of a log-in, from `from` on. */
export function readParameters(bytes: Uint8Array, from: number): Map<string, string> {
  const parameters = new Map<string, string>();
  for (let at = from; at < bytes.length && bytes[at] !== 0 && parameters.size < MOST_PARAMETERS; ) {
    const name = zeroText(bytes, at);
    const value = zeroText(bytes, name.end + 1);
    parameters.set(name.text, value.text);
    at = value.end + 1;
  }
  return parameters;
}

/** Parts of an error or a notice, as `Name=value`, comma separated. */
export function readParts(bytes: Uint8Array, from: number): string {
  const parts: string[] = [];
  for (let at = from; at < bytes.length && bytes[at] !== 0 && parts.length < MOST_PARTS; ) {
    const { text, end } = zeroText(bytes, at + 1);
    parts.push(`${errorFieldName(latin1Text(bytes, at, at + 1))}=${text}`);
    at = end + 1;
  }
  return parts.join(',');
}
