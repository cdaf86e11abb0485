/** Rlogin: recognised by the names and the terminal that a client begins with. RFC 1282. */
import { latin1Text } from '../text.ts';
import { recognise } from './recognition.ts';

const MOST = 200;
/** A zero; names here and there; terminal and speed; each with a zero behind it. */
const OPENING = /^\0[\x21-\x7e]{0,32}\0[\x21-\x7e]{1,32}\0[\w.+-]{1,32}\/\d{1,7}\0$/;

export const rlogin = recognise({
  name: 'rlogin',
  transports: ['tcp'],
  ports: [513],
  begins: (first) => first === 0,
  asks(bytes, fromOriginator, destPort) {
    if (!fromOriginator || bytes[0] !== 0 || bytes.length > MOST) return 0;
    // Some clients send the zero by itself.
    if (bytes.length === 1) return destPort === 513 ? -1 : 0;
    return OPENING.test(latin1Text(bytes)) ? 1 : 0;
  },
});
