/** BACnet/IP: recognised by its two headers, which fill the datagram. ANSI/ASHRAE 135 annex J, §6.2. */
import { recognise } from './recognition.ts';

const TYPE = 0x81;
const FORWARDED = 0x04;
const UNICAST = 0x0a;
const BROADCAST = 0x0b;
const DISTRIBUTE = 0x09;
const VERSION = 1;
/** Bits of the network layer's control byte that are always zero. */
const RESERVED = 0x50;

function isBacnet(bytes: Uint8Array): boolean {
  if (bytes.length < 6 || bytes[0] !== TYPE || ((bytes[2]! << 8) | bytes[3]!) !== bytes.length) return false;
  const func = bytes[1]!;
  if (func !== FORWARDED && func !== UNICAST && func !== BROADCAST && func !== DISTRIBUTE) return false;
  const at = func === FORWARDED ? 10 : 4;
  return bytes[at] === VERSION && at + 1 < bytes.length && (bytes[at + 1]! & RESERVED) === 0;
}

export const bacnet = recognise({
  name: 'bacnet',
  transports: ['udp'],
  ports: [47_808],
  begins: (first) => first === TYPE,
  asks: (bytes) => (isBacnet(bytes) ? 1 : 0),
});
