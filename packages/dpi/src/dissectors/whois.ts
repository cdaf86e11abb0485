/** WHOIS: recognised by a question of one line and an answer as registries write them. RFC 3912. */
import { latin1Text } from '../text.ts';
import { recognise } from './recognition.ts';

const MOST_QUESTION = 512;
const MOST_ANSWER = 2_048;
const QUESTION = /^[\x20-\x7e]+\r?\n$/;
const ANSWER =
  /^\s*[%#]|\bwhois\b|domain name:|^(?:domain|inetnum|netrange|refer|as-block|aut-num):|registr(?:ar|y|ant)|no match|not found|no entries/im;

export const whois = recognise({
  name: 'whois',
  transports: ['tcp'],
  ports: [43],
  // A line of text may be anything: only at its port it is worth waiting for the answer.
  asks: (bytes, fromOriginator, destPort) =>
    destPort === 43 && fromOriginator && bytes.length <= MOST_QUESTION && QUESTION.test(latin1Text(bytes))
      ? 0.3
      : 0,
  answers: (bytes) => ANSWER.test(latin1Text(bytes, 0, Math.min(bytes.length, MOST_ANSWER))),
});
