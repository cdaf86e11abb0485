/** Oracle's databases: recognised by the packet that connects, and the description in it. Oracle Net, as dissectors know it. */
import { latin1Text } from '../text.ts';
import { recognise } from './recognition.ts';

const CONNECT = 1;
/** Bytes of a packet's header and of what a connect has before its description. */
const HEADER = 8;
const LEAST = 26;
/** Versions of the protocol: 300 came with Oracle 7, 320 is about the last. */
const FIRST_VERSION = 0x012c;
const LAST_VERSION = 0x0160;

const u16 = (bytes: Uint8Array, at: number): number => (bytes[at]! << 8) | bytes[at + 1]!;

function isConnect(bytes: Uint8Array): boolean {
  if (bytes.length < LEAST || bytes[4] !== CONNECT || u16(bytes, 2) !== 0 || u16(bytes, 6) !== 0)
    return false;
  const version = u16(bytes, HEADER);
  if (version < FIRST_VERSION || version > LAST_VERSION || u16(bytes, 0) < LEAST) return false;
  // A long description comes in a packet of its own.
  const text = latin1Text(bytes, LEAST, Math.min(bytes.length, 2_048)).toUpperCase();
  return text.includes('(DESCRIPTION=') || text.includes('(CONNECT_DATA=') || u16(bytes, 0) < 80;
}

export const oracle = recognise({
  name: 'oracle',
  transports: ['tcp'],
  ports: [1521, 1526],
  begins: (first) => first <= 1, // the length, its upper half
  asks: (bytes) => (isConnect(bytes) ? 1 : 0),
});
