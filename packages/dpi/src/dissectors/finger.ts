/** Finger: recognised by a question of one line and an answer that speaks of users. RFC 1288. */
import { latin1Text } from '../text.ts';
import { recognise } from './recognition.ts';

const MOST = 512;
const QUESTION = /^(?:\/W ?)?[\x20-\x7e]*\r?\n$/;
const ANSWER = /\bLogin\b|\bName:|no such user|\bPlan[:.]|no ?one (?:is )?logged|\bidle\b/i;

export const finger = recognise({
  name: 'finger',
  transports: ['tcp'],
  ports: [79],
  // A line of text may be anything: only at its port it is worth waiting for the answer.
  asks: (bytes, fromOriginator, destPort) =>
    destPort === 79 && fromOriginator && bytes.length <= MOST && QUESTION.test(latin1Text(bytes)) ? 0.3 : 0,
  answers: (bytes) => ANSWER.test(latin1Text(bytes, 0, Math.min(bytes.length, MOST))),
});
