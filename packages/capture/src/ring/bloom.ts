/** A Bloom filter over 32-bit keys: tells which blocks of packets cannot hold what is looked for. */

/** 4,096 bits: with the 300 keys of an ordinary block, one question in fifty is answered "perhaps" wrongly. */
export const BLOOM_BYTES = 512;
const BITS = BLOOM_BYTES * 8;

const second = (key: number): number => (Math.imul(key, 0x9e3779b1) >>> 12) % BITS;

export function addKey(filter: Uint8Array, key: number): void {
  const a = key & (BITS - 1);
  const b = second(key);
  filter[a >> 3]! |= 1 << (a & 7);
  filter[b >> 3]! |= 1 << (b & 7);
}

/** False if the key was certainly not added. */
export function mayHold(filter: Uint8Array, key: number): boolean {
  const a = key & (BITS - 1);
  const b = second(key);
  return (filter[a >> 3]! & (1 << (a & 7))) !== 0 && (filter[b >> 3]! & (1 << (b & 7))) !== 0;
}
