/** Bytes of a packet as text for a record: UTF-8 where it is that, bytes that are not as `\xNN`. */

const slice = (
  Buffer.prototype as unknown as {
    latin1Slice(this: Uint8Array, from: number, to: number): string;
    utf8Slice(this: Uint8Array, from: number, to: number): string;
  }
).latin1Slice;
const strict = new TextDecoder('utf-8', { fatal: true });

/** One character for each byte. Node's own slice costs 80 ns at any length, a loop of appends 10 ns for each byte. */
export const latin1Text = (bytes: Uint8Array, from = 0, to = bytes.length): string =>
  slice.call(bytes, from, to);

/** True for the bytes of plain text: printable ASCII, tab, and what ends lines. */
export const isTextByte = (byte: number): boolean => (byte >= 32 && byte < 127) || (byte >= 9 && byte <= 13);

/** Longer texts are cut: no field that means something is as long, and a row must not cost what a sender likes. */
export const MAX_TEXT = 16_384;

/** Text of the bytes from `from` up to `end`, at most `MAX_TEXT` of them; never fails. */
export function fieldText(bytes: Uint8Array, from = 0, end = bytes.length): string {
  const to = end - from > MAX_TEXT ? characterStart(bytes, from + MAX_TEXT) : end;
  for (let i = from; i < to; i++) if (bytes[i]! >= 0x80) return decodeHigh(bytes, from, to);
  return slice.call(bytes, from, to);
}

/** The start of the UTF-8 character that the byte at `at` belongs to. */
function characterStart(bytes: Uint8Array, at: number): number {
  let start = at;
  while (start > at - 4 && (bytes[start]! & 0xc0) === 0x80) start--;
  return start;
}

function decodeHigh(bytes: Uint8Array, from: number, to: number): string {
  try {
    return strict.decode(bytes.subarray(from, to));
  } catch (error) {
    if (!(error instanceof TypeError)) throw error; // what TextDecoder says of bytes that are no UTF-8
    let text = '';
    for (let i = from; i < to; i++) {
      const c = bytes[i]!;
      text += c < 0x80 ? String.fromCharCode(c) : `\\x${c.toString(16)}`;
    }
    return text;
  }
}

const HEX = '0123456789abcdef';

/** Lower-case hexadecimal digits of the bytes, with `separator` between bytes. */
export function hexText(bytes: Uint8Array, from: number, to: number, separator = ''): string {
  let text = '';
  for (let i = from; i < to; i++) {
    if (i > from) text += separator;
    text += HEX[bytes[i]! >> 4]! + HEX[bytes[i]! & 15]!;
  }
  return text;
}
