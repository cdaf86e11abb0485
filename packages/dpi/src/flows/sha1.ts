/**
 * SHA-1 (RFC 3174) of a short message, in base 64. Community IDs need one for every connection, and a call into
 * node:crypto costs ten times as much as the one block that is hashed here.
 */

/** The longest message that fits into one block with its padding. */
export const LONGEST_MESSAGE = 55;

const schedule = new Int32Array(80);
const digest = new Uint8Array(21);
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
/** Two characters for each 12 bits. */
const PAIRS = Array.from({ length: 4_096 }, (_, i) => ALPHABET[i >> 6]! + ALPHABET[i & 63]!);

/** SHA-1 of the first `length` bytes, at most LONGEST_MESSAGE, as 28 characters of base 64. */
export function sha1Base64(bytes: Uint8Array, length: number): string {
  const w = schedule;
  w.fill(0, 0, 16);
  for (let i = 0; i < length; i++) w[i >> 2] = w[i >> 2]! | (bytes[i]! << (24 - (i & 3) * 8));
  w[length >> 2] = w[length >> 2]! | (0x80 << (24 - (length & 3) * 8));
  w[15] = length * 8;
  for (let i = 16; i < 80; i++) {
    const x = w[i - 3]! ^ w[i - 8]! ^ w[i - 14]! ^ w[i - 16]!;
    w[i] = (x << 1) | (x >>> 31);
  }
  compress(w);
  return encode();
}

function compress(w: Int32Array): void {
  let [a, b, c, d, e] = [0x67452301, 0xefcdab89 | 0, 0x98badcfe | 0, 0x10325476, 0xc3d2e1f0 | 0];
  for (let i = 0; i < 80; i++) {
    let f: number;
    if (i < 20) f = ((b & c) | (~b & d)) + 0x5a827999;
    else if (i < 40) f = (b ^ c ^ d) + 0x6ed9eba1;
    else if (i < 60) f = ((b & c) | (b & d) | (c & d)) + 0x8f1bbcdc;
    else f = (b ^ c ^ d) + 0xca62c1d6;
    const next = (((a << 5) | (a >>> 27)) + f + e + w[i]!) | 0;
    e = d;
    d = c;
    c = (b << 30) | (b >>> 2);
    b = a;
    a = next;
  }
  put(0, a + 0x67452301);
  put(4, b + 0xefcdab89);
  put(8, c + 0x98badcfe);
  put(12, d + 0x10325476);
  put(16, e + 0xc3d2e1f0);
}

function put(at: number, word: number): void {
  digest[at] = word >>> 24;
  digest[at + 1] = word >>> 16;
  digest[at + 2] = word >>> 8;
  digest[at + 3] = word;
}

function encode(): string {
  let text = '';
  for (let i = 0; i < 21; i += 3) {
    const bits = (digest[i]! << 16) | (digest[i + 1]! << 8) | digest[i + 2]!;
    text += PAIRS[bits >>> 12]! + PAIRS[bits & 0xfff]!;
  }
  return `${text.slice(0, 27)}=`;
}
