/** Which ICMP message answers which: RFC 792, RFC 1256, RFC 4443, RFC 4861; as Zeek and Community ID pair them. */

const PAIRS_V4: readonly (readonly [number, number])[] = [
  [8, 0],
  [13, 14],
  [15, 16],
  [10, 9],
  [17, 18],
];
const PAIRS_V6: readonly (readonly [number, number])[] = [
  [128, 129],
  [133, 134],
  [135, 136],
  [130, 131],
  [139, 140],
  [144, 145],
];

const NONE = -1;

function toTable(pairs: readonly (readonly [number, number])[]): Int16Array {
  const table = new Int16Array(256).fill(NONE);
  for (const [a, b] of pairs) {
    table[a] = b;
    table[b] = a;
  }
  return table;
}
const v4 = toTable(PAIRS_V4);
const v6 = toTable(PAIRS_V6);

/** The type that answers a type, or -1 for messages that nothing answers. */
export const counterpart = (type: number, isV6: boolean): number => (isV6 ? v6 : v4)[type]!;
