/** Content sent as text: base64 and quoted-printable, line by line. RFC 2045 §6.7, §6.8. */

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const VALUES = new Uint8Array(256).fill(64);
for (let i = 0; i < LETTERS.length; i++) VALUES[LETTERS.charCodeAt(i)] = i;

const EQUALS = 61;

/** Decodes base64 whose groups may span lines; what is no letter is passed over. */
export class Base64 {
  #bits = 0;
  #count = 0;

  line(bytes: Uint8Array, from: number, to: number): Uint8Array {
    const out = new Uint8Array((((to - from) * 3) >> 2) + 3);
    let length = 0;
    for (let i = from; i < to; i++) {
      if (bytes[i] === EQUALS) this.#count = 0;
      const value = VALUES[bytes[i]!]!;
      if (value > 63) continue;
      this.#bits = ((this.#bits << 6) | value) & 0xffffff;
      this.#count++;
      if (this.#count > 1) out[length++] = (this.#bits >> LEFT[this.#count]!) & 255;
      if (this.#count === 4) this.#count = 0;
    }
    return out.subarray(0, length);
  }
}

/** Bits of the group so far that belong to the next byte, by letters seen. */
const LEFT = [0, 0, 4, 2, 0];

const hexValue = (c: number | undefined): number => {
  if (c === undefined) return -1;
  if (c >= 48 && c <= 57) return c - 48;
  const lower = c | 32;
  return lower >= 97 && lower <= 102 ? lower - 87 : -1;
};

const CR = 13;
const LF = 10;

/** Decodes a line of quoted-printable, its end included unless it is a soft one. */
export function quotedPrintableLine(bytes: Uint8Array, from: number, to: number): Uint8Array {
  let end = to;
  while (end > from && (bytes[end - 1] === 32 || bytes[end - 1] === 9)) end--;
  const isSoft = end > from && bytes[end - 1] === EQUALS;
  if (isSoft) end--;
  const out = new Uint8Array(end - from + 2);
  let length = 0;
  for (let i = from; i < end; i++) {
    const high = bytes[i] === EQUALS && i + 2 < end + 1 ? hexValue(bytes[i + 1]) : -1;
    const low = high < 0 || i + 2 >= end ? -1 : hexValue(bytes[i + 2]);
    if (low < 0) out[length++] = bytes[i]!;
    else {
      out[length++] = (high << 4) | low;
      i += 2;
    }
  }
  if (!isSoft) {
    out[length++] = CR;
    out[length++] = LF;
  }
  return out.subarray(0, length);
}
