/** Telnet: recognised by the options that both ends negotiate first. RFC 854, RFC 855. */
import { recognise } from './recognition.ts';

const IAC = 255;
const SUBNEGOTIATION = 250;
const WILL = 251;
const DONT = 254;
/** Options in use: IANA's list ends at 49, MUDs have a few above 68, the extended list is 255. */
const isOption = (option: number): boolean => option < 50 || (option >= 69 && option <= 93) || option === 255;

/** Negotiations at the beginning; negative if something there is none. */
function countNegotiations(bytes: Uint8Array): number {
  let count = 0;
  for (let at = 0; at + 2 < bytes.length && bytes[at] === IAC; at += 3) {
    const command = bytes[at + 1]!;
    if (command === SUBNEGOTIATION) return isOption(bytes[at + 2]!) ? count + 1 : -1;
    if (command < WILL || command > DONT || !isOption(bytes[at + 2]!)) return -1;
    count++;
  }
  return count;
}

export const telnet = recognise({
  name: 'telnet',
  transports: ['tcp'],
  ports: [23],
  begins: (first) => first === IAC,
  asks(bytes, _fromOriginator, destPort) {
    if (bytes[0] !== IAC) return 0;
    if (bytes.length < 3) return -1;
    const count = countNegotiations(bytes);
    return count >= 2 || (count === 1 && (bytes.length === 3 || destPort === 23)) ? 1 : 0;
  },
});
