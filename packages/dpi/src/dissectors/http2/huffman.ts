/** Huffman code of HPACK: canonical, so the lengths of its codes are all there is to know. RFC 7541 appendix B. */

/** Bits of the code of each byte; the end of text has 30. */
const LENGTHS = [
  13, 23, 28, 28, 28, 28, 28, 28, 28, 24, 30, 28, 28, 30, 28, 28, 28, 28, 28, 28, 28, 28, 30, 28, 28, 28, 28,
  28, 28, 28, 28, 28, 6, 10, 10, 12, 13, 6, 8, 11, 10, 10, 8, 11, 8, 6, 6, 6, 5, 5, 5, 6, 6, 6, 6, 6, 6, 6, 7,
  8, 15, 6, 12, 10, 13, 6, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 8, 7, 8, 13, 19,
  13, 14, 6, 15, 5, 6, 5, 6, 5, 6, 6, 6, 5, 7, 7, 6, 6, 6, 5, 6, 7, 6, 5, 5, 6, 7, 7, 7, 7, 7, 15, 11, 14, 13,
  28, 20, 22, 20, 20, 22, 22, 22, 23, 22, 23, 23, 23, 23, 23, 24, 23, 24, 24, 22, 23, 24, 23, 23, 23, 23, 21,
  22, 23, 22, 23, 23, 24, 22, 21, 20, 22, 22, 23, 23, 21, 23, 22, 22, 24, 21, 22, 23, 23, 21, 21, 22, 21, 23,
  22, 23, 23, 20, 22, 22, 22, 23, 22, 22, 23, 26, 26, 20, 19, 22, 23, 22, 25, 26, 26, 26, 27, 27, 26, 24, 25,
  19, 21, 26, 27, 27, 26, 27, 24, 21, 21, 26, 26, 28, 27, 27, 27, 20, 24, 20, 21, 22, 21, 21, 23, 22, 22, 25,
  25, 24, 24, 26, 23, 26, 27, 26, 26, 27, 27, 27, 27, 27, 28, 27, 27, 27, 27, 27, 26, 30,
];
const LONGEST = 30;
const END = 256;
/** Padding is shorter than a byte, and all ones. */
const MOST_PADDING = 7;

/** Symbols by the length of their code and by value; codes of a length follow each other. */
const SYMBOLS = LENGTHS.map((length, symbol) => ({ length, symbol }))
  .sort((a, b) => a.length - b.length || a.symbol - b.symbol)
  .map(({ symbol }) => symbol);

/** By length: the first code, how many there are, and where the first stands among the symbols. */
const RANGES: readonly { first: number; count: number; at: number }[] = (() => {
  const ranges = [];
  let code = 0;
  let at = 0;
  for (let length = 0; length <= LONGEST; length++) {
    const count = LENGTHS.filter((l) => l === length).length;
    ranges.push({ first: code, count, at });
    code = (code + count) * 2;
    at += count;
  }
  return ranges;
})();

/** The text that is coded in the bytes; undefined if they are broken. */
export function decodeHuffman(bytes: Uint8Array): Uint8Array | undefined {
  // The shortest code has five bits.
  const text = new Uint8Array(Math.ceil((bytes.length * 8) / 5));
  let at = 0;
  let code = 0;
  let length = 0;
  for (let i = 0; i < bytes.length * 8; i++) {
    code = code * 2 + ((bytes[i >> 3]! >> (7 - (i & 7))) & 1);
    const range = RANGES[++length];
    if (!range) return undefined;
    const place = code - range.first;
    if (place < 0 || place >= range.count) continue;
    const symbol = SYMBOLS[range.at + place]!;
    if (symbol === END) return undefined;
    text[at++] = symbol;
    code = length = 0;
  }
  const isPadding = length <= MOST_PADDING && code === 2 ** length - 1;
  return isPadding ? text.subarray(0, at) : undefined;
}
