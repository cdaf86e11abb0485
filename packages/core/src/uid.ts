/** Connection ids and small hashes that are the same on every machine. */

const ZERO = 0x30;
const BASE62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

const DIGITS = BASE62.length;
/** All two-digit numbers: a digit at a time, in floating point, costs five times as much. */
const PAIRS = Array.from(
  { length: DIGITS ** 2 },
  (_, i) => BASE62[Math.floor(i / DIGITS)]! + BASE62[i % DIGITS]!,
);
const PAIR = DIGITS ** 2;
/** The largest power of 62 below 2^31, so that what is left over counts in integers. */
const CHUNK_DIGITS = 4;
const CHUNK = DIGITS ** CHUNK_DIGITS;

/** Digits of a non-negative integer in base 62, padded to `width`. */
export function base62(value: number, width: number): string {
  let text = '';
  let rest = value;
  while (rest >= CHUNK) {
    const high = Math.floor(rest / CHUNK);
    const low = (rest - high * CHUNK) | 0;
    text = PAIRS[(low / PAIR) | 0]! + PAIRS[low % PAIR]! + text;
    rest = high;
  }
  const low = rest | 0;
  text = PAIRS[(low / PAIR) | 0]! + PAIRS[low % PAIR]! + text;
  let from = 0;
  while (text.length - from > width && text.charCodeAt(from) === ZERO) from++;
  return from > 0 ? text.slice(from) : text.padStart(width, '0');
}

/** Code of each digit. */
const CODES = Uint8Array.from(BASE62, (digit) => digit.charCodeAt(0));
const FIVE_DIGITS = DIGITS ** 5;
const LETTER_C = 0x43;

/**
 * The uid of a connection: `C`, 9 digits for its start in µs, 6 for a 32-bit hash of tuple and VLAN scope. Sorts by
 * time, compresses well, and does not depend on which worker saw the connection. Made in one go, as joining its parts,
 * which happens for every connection, costs three times as much.
 */
export function connectionUid(ts: number, tupleHash: number): string {
  const start = Math.max(0, Math.round(ts * 1000));
  const high = Math.floor(start / FIVE_DIGITS) | 0;
  const low = (start - Math.floor(start / FIVE_DIGITS) * FIVE_DIGITS) | 0;
  const hash = tupleHash >>> 0;
  const upper = (hash / 238_328) | 0;
  const lower = hash - upper * 238_328;
  return String.fromCharCode(
    LETTER_C,
    digitAt(high, 238_328),
    digitAt(high, 3_844),
    digitAt(high, 62),
    digitAt(high, 1),
    digitAt(low, 14_776_336),
    digitAt(low, 238_328),
    digitAt(low, 3_844),
    digitAt(low, 62),
    digitAt(low, 1),
    digitAt(upper, 3_844),
    digitAt(upper, 62),
    digitAt(upper, 1),
    digitAt(lower, 3_844),
    digitAt(lower, 62),
    digitAt(lower, 1),
  );
}

/** Code of the digit of a number below 2^31 at a power of 62. */
const digitAt = (value: number, power: number): number => CODES[((value / power) | 0) % DIGITS]!;

/** FNV-1a with a final mix, 32 bits, over the UTF-16 units of a text. */
export function hashText(text: string, seed = 0x811c9dc5): number {
  let h = seed | 0;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  return mix32(h);
}

/** Spreads the bits of a 32-bit number (the finaliser of MurmurHash3). */
export function mix32(value: number): number {
  let h = value | 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

/** The id of the `number`th file (from 0) that a connection carries: `F` and 12 digits, the same on every machine. */
export const fileUid = (uid: string, number: number): string =>
  `F${base62(hashText(uid, Math.imul(number + 1, 0x9e3779b1)), 6)}${base62(hashText(uid, ~number), 6)}`;
