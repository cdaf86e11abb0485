/** Values of NTP messages: timestamps, short times, powers of two, extension fields. RFC 5905 §6, §7.3, RFC 7822 §3. */
import { Reader } from '@thymus/core';

/** Seconds from the epoch of NTP, 1900, to that of Unix. */
const EPOCH = 2_208_988_800;
/** Larger exponents are no interval that a record can hold, smaller ones no µs. */
const LARGEST_EXPONENT = 32;

/** ms since the epoch of a 64-bit timestamp, to the µs; 0 where it is not set. */
export function readTimestamp(bytes: Uint8Array, at: number): number {
  const r = new Reader(bytes, at);
  const seconds = r.u32();
  const fraction = r.u32();
  if (seconds === 0 && fraction === 0) return 0;
  const whole = seconds - EPOCH;
  // As Zeek rounds: first to a double of seconds, then to µs.
  const part = whole + fraction / 2 ** 32 - whole;
  return whole * 1000 + Math.round(part * 1e6) / 1000;
}

/** ms of a 32-bit short time. */
export function readShort(bytes: Uint8Array, at: number): number {
  const r = new Reader(bytes, at);
  const seconds = (r.u16() << 16) >> 16;
  return (seconds + r.u16() / 65_536) * 1000;
}

/** ms of two to the power of a signed byte, in seconds. */
export const power = (byte: number): number => 2 ** Math.min((byte << 24) >> 24, LARGEST_EXPONENT) * 1000;

/** Extension fields after the fixed part; what is shorter than one and not more than 24 bytes is the authenticator. */
export function countExtensions(bytes: Uint8Array, from: number): number {
  const r = new Reader(bytes, from);
  let count = 0;
  while (r.left > 24) {
    r.skip(2);
    const length = r.u16();
    if (length < 16) break;
    r.skip(length - 4);
    if (r.bad) break;
    count++;
  }
  return count;
}
