/** RDP over UDP: recognised by the handshake, whose answer acknowledges the first sequence number. MS-RDPEUDP §3.1.5.1. */
import { isEqualPart, recognise, u32At } from './recognition.ts';

const LEAST = 12;
const SYN = 1;
const ACK = 4;
/** A first packet acknowledges nothing, which all ones say. */
const NOTHING = 0xffffffff;

const flagsOf = (bytes: Uint8Array): number => (bytes[6]! << 8) | bytes[7]!;

export const rdpeudp = recognise({
  name: 'rdpeudp',
  transports: ['udp'],
  ports: [3389],
  begins: (first) => first === 0xff,
  asks(bytes, fromOriginator) {
    if (!fromOriginator || bytes.length < LEAST || u32At(bytes, 0) !== NOTHING) return 0;
    return (flagsOf(bytes) & (SYN | ACK)) === SYN ? 0.6 : 0;
  },
  answers: (bytes, asked) =>
    bytes.length >= LEAST &&
    (flagsOf(bytes) & (SYN | ACK)) === (SYN | ACK) &&
    isEqualPart(bytes, 0, asked, 8, 4),
});
