/** Times of files, and 64-bit numbers. MS-DTYP §2.3.3. */
import type { Times } from './shares.ts';

/** Seconds from 1601 to 1970. */
const EPOCH = 11_644_473_600;

const view = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.length);

/** A 64-bit number, exact up to 2^53; 0 where the bytes are not there. */
export const u64At = (bytes: Uint8Array, at: number): number =>
  at + 8 > bytes.length ? 0 : Number(view(bytes).getBigUint64(at, true));

/**
 * ms since the epoch of the FILETIME at `at`. Reckoned as Zeek does, in doubles of seconds since 1601, so that the logs
 * of both agree; it is exact to 2 µs.
 */
function timeAt(bytes: Uint8Array, at: number): number {
  const seconds = Number(view(bytes).getBigUint64(at, true)) / 10_000_000 - EPOCH;
  const whole = Math.floor(seconds);
  return whole * 1_000 + Math.round((seconds - whole) * 1e6) / 1_000;
}

/** Times of creation, access, write and change, in the order of the wire; undefined where they are not kept. */
export function timesAt(bytes: Uint8Array, at: number): Times | undefined {
  if (at + 32 > bytes.length) return undefined;
  const modified = timeAt(bytes, at + 16);
  if (modified <= 0) return undefined;
  return {
    created: timeAt(bytes, at),
    accessed: timeAt(bytes, at + 8),
    modified,
    changed: timeAt(bytes, at + 24),
  };
}

/** The two halves of a file id of SMB 2 as one number, as Zeek joins them. */
export const fileIdAt = (bytes: Uint8Array, at: number): bigint =>
  at + 16 > bytes.length
    ? 0n
    : BigInt.asUintN(64, view(bytes).getBigUint64(at, true) + view(bytes).getBigUint64(at + 8, true));

/** "The file that the command before in this chain opened": all bits set in both halves. */
export const CHAINED = BigInt.asUintN(64, 0xffff_ffff_ffff_ffffn * 2n);
