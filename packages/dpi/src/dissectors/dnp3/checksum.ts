/** The checksum of DNP3 frames, CRC-16/DNP: polynomial 0x3d65 reflected, result inverted. IEEE 1815 §9.2.4.1. */

const TABLE = Uint16Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >> 1) ^ 0xa6bc : crc >> 1;
  return crc;
});

/** CRC of the bytes from `from` up to `to`. */
export function checksum(bytes: Uint8Array, from: number, to: number): number {
  let crc = 0;
  for (let i = from; i < to; i++) crc = TABLE[(crc ^ bytes[i]!) & 0xff]! ^ (crc >> 8);
  return ~crc & 0xffff;
}

/** True if the two bytes at `to`, the lower first, are the checksum of those before. */
export function checksumHolds(bytes: Uint8Array, from: number, to: number): boolean {
  const crc = checksum(bytes, from, to);
  return bytes[to] === (crc & 0xff) && bytes[to + 1] === crc >> 8;
}
