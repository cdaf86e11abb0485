/** OpenVPN: recognised by the resets both ends begin with, plain, signed (tls-auth) or encrypted (tls-crypt). OpenVPN wire protocol. */
import { recognise, u32At } from './recognition.ts';

/** Kind of message in the upper five bits, number of the key, 0 at first, in the others. */
const CLIENT_RESET = 7 << 3;
const SERVER_RESET = 8 << 3;
const CLIENT_RESET_V3 = 10 << 3;

const PLAIN = 14;
/** With the shortest signature, and with what tls-crypt adds. */
const LEAST_SIGNED = PLAIN + 16 + 8;
const LEAST_CRYPTED = 54;
const MOST = 1_400;
/** A client that is not answered repeats itself with the next number. */
const MOST_TRIES = 8;

const isTry = (number: number): boolean => number >= 1 && number <= MOST_TRIES;

function isClientReset(bytes: Uint8Array): boolean {
  const { length } = bytes;
  if (length < PLAIN || length > MOST || (bytes[0] !== CLIENT_RESET && bytes[0] !== CLIENT_RESET_V3))
    return false;
  if (u32At(bytes, 1) === 0) return false;
  // Nothing to acknowledge, and the first message.
  const isFirst = bytes[length - 5] === 0 && u32At(bytes, length - 4) === 0;
  if (length === PLAIN) return isFirst;
  if (length >= LEAST_SIGNED && isFirst && isTry(u32At(bytes, length - 13))) return true;
  return length >= LEAST_CRYPTED && isTry(u32At(bytes, 9));
}

/** The message behind the length that TCP puts in front. */
function unframed(bytes: Uint8Array): Uint8Array {
  const length = (bytes[0]! << 8) | bytes[1]!;
  return bytes.length >= 2 + PLAIN && length + 2 === bytes.length ? bytes.subarray(2) : bytes;
}

export const openvpn = recognise({
  name: 'openvpn',
  transports: ['udp', 'tcp'],
  ports: [1194],
  begins: (first) => first === CLIENT_RESET || first === CLIENT_RESET_V3 || first < 6,
  asks: (bytes, fromOriginator) => (fromOriginator && isClientReset(unframed(bytes)) ? 0.6 : 0),
  answers: (bytes) => {
    const message = unframed(bytes);
    return message.length >= PLAIN && message[0] === SERVER_RESET && u32At(message, 1) !== 0;
  },
});
