/** WireGuard: recognised by its handshake, whose answer names the index the asker chose. WireGuard protocol, messages 1-3. */
import { isEqualPart, recognise } from './recognition.ts';

const INITIATION = 1;
const INITIATION_BYTES = 148;
const RESPONSE = 2;
const RESPONSE_BYTES = 92;
const COOKIE = 3;
const COOKIE_BYTES = 64;

/** A kind in the first byte and three that are reserved. */
const isMessage = (bytes: Uint8Array, kind: number, length: number): boolean =>
  bytes.length === length && bytes[0] === kind && bytes[1] === 0 && bytes[2] === 0 && bytes[3] === 0;

export const wireguard = recognise({
  name: 'wireguard',
  transports: ['udp'],
  ports: [51_820],
  begins: (first) => first === INITIATION,
  asks: (bytes) => (isMessage(bytes, INITIATION, INITIATION_BYTES) ? 0.9 : 0),
  answers(bytes, asked) {
    if (isMessage(bytes, RESPONSE, RESPONSE_BYTES)) return isEqualPart(bytes, 8, asked, 4, 4);
    return isMessage(bytes, COOKIE, COOKIE_BYTES) && isEqualPart(bytes, 4, asked, 4, 4);
  },
});
