/** Which passwords are refused, and passwords made here. NIST SP 800-63B-4: length and guessability, no composition. */
import { hashPassword, randomToken, verifyPassword } from '@thymus/store';

/** How passwords are kept. */
export interface PasswordKeeper {
  hash(password: string): Promise<string>;
  /** Takes the same time for a right and a wrong one. */
  verify(password: string, stored: string): Promise<boolean>;
}

/** argon2id. */
export const ARGON2: PasswordKeeper = { hash: hashPassword, verify: verifyPassword };

/** Words that guessing begins with, beside the user's own name. */
const WORDS = [
  'password',
  'passwort',
  'thymus',
  'darktrace',
  'qwerty',
  'letmein',
  'welcome',
  'administrator',
];

/** Longest run of letters or digits that follow each other, in either direction. */
function longestRun(text: string): number {
  let [longest, length, step] = [1, 1, 0];
  for (let i = 1; i < text.length; i++) {
    const difference = text.charCodeAt(i) - text.charCodeAt(i - 1);
    const continues = Math.abs(difference) <= 1 && (length === 1 || difference === step);
    length = continues ? length + 1 : 1;
    step = difference;
    longest = Math.max(longest, length);
  }
  return longest;
}

/** Why a password is too easy to guess, or undefined. Length is checked by the contract. */
export function weakness(password: string, username: string): string | undefined {
  const lower = password.toLowerCase();
  if (new Set(lower).size < 5) return 'The password has too few different characters.';
  if (longestRun(lower) > password.length / 2) return 'The password is mostly one run of characters.';
  const words = [username.toLowerCase(), ...WORDS].filter((word) => word.length > 2);
  const rest = words.reduce((text, word) => text.replaceAll(word, ''), lower);
  if (rest.length < 8) return 'The password is little more than a word that everybody tries.';
  return undefined;
}

/** A password of 20 letters and digits, in groups that can be read out: 103 bits. */
export const madePassword = (): string => randomToken(20).match(/.{5}/g)!.join('-');
