/** Commands of Redis clients: arrays of strings, or a line of words; which of them have a key and a value, as Zeek has it. */
import { fieldText, latin1Text } from '../../text.ts';
import { MOST_TEXT, readInteger, type TokenTaker } from './tokens.ts';

/** Words of a command that are kept; no more decide anything. */
const MOST_WORDS = 4;
/** Words of a command; the server's own limit. */
const LONGEST = 1_048_576;

export interface Command {
  /** Its first words, cut to what a record holds. */
  readonly words: readonly string[];
  /** How many it has. */
  readonly count: number;
}

const setOf = (names: string): ReadonlySet<string> => new Set(names.split(' '));

const KEY_FIRST = setOf(
  'keys append bitcount bitfield bitfield_ro bitpos blpop brpop copy decr decrby del dump exists expire expireat expiretime get getbit getdel getex getrange getset hdel hget hset incr incrby mget move mset persist rename set strlen ttl type',
);
const VALUE_SECOND = setOf(
  'set append decrby expire expireat getbit getset hdel hget incrby move mset rename',
);

/** Key and value of a command, where it is known to have them. */
export function keyAndValue({ words }: Command): { key: string | undefined; value: string | undefined } {
  const name = words[0]?.toLowerCase() ?? '';
  if (name === 'bitop') return { key: words[2], value: undefined };
  if (name === 'blmpop') return { key: words[3], value: undefined };
  return {
    key: KEY_FIRST.has(name) ? words[1] : undefined,
    value: VALUE_SECOND.has(name) ? words[2] : undefined,
  };
}

const isSpace = (c: number): boolean => c === 32 || c === 0 || (c >= 9 && c <= 13 && c !== 11 && c !== 12);
const QUOTE = 34;
const APOSTROPHE = 39;
const BACKSLASH = 92;

/** The words of a line, quotes left as they are. */
export function splitWords(bytes: Uint8Array, from: number, to: number): string[] {
  const words: string[] = [];
  for (let at = from; at < to; ) {
    while (at < to && isSpace(bytes[at]!)) at++;
    const end = wordEnd(bytes, at, to);
    if (end > at) words.push(fieldText(bytes, at, Math.min(end, at + MOST_TEXT)));
    at = end;
  }
  return words;
}

function wordEnd(bytes: Uint8Array, from: number, to: number): number {
  let quote = 0;
  let at = from;
  for (; at < to; at++) {
    const c = bytes[at]!;
    if (quote !== 0) {
      if (c === BACKSLASH && bytes[at + 1] === quote) at++;
      else if (c === quote) quote = 0;
    } else if (c === QUOTE || c === APOSTROPHE) quote = c;
    else if (isSpace(c)) break;
  }
  return Math.min(at, to);
}

/** Puts commands together from tokens. */
export class CommandReader implements TokenTaker {
  #words: string[] = [];
  #count = 0;
  /** Words of an array that are still to come. */
  #left = 0;
  readonly #take: (command: Command) => void;

  constructor(take: (command: Command) => void) {
    this.#take = take;
  }

  line(type: string, bytes: Uint8Array, from: number, to: number): boolean {
    if (this.#left > 0) return false; // only strings may stand in an array
    if (type !== '*') {
      const words = splitWords(bytes, from, to);
      if (words.length > 0) this.#take({ words: words.slice(0, MOST_WORDS), count: words.length });
      return true;
    }
    const count = readInteger(bytes, from + 1, to);
    if (!(count >= -1 && count <= LONGEST)) return false;
    this.#words = [];
    this.#count = this.#left = Math.max(0, count);
    return true;
  }

  string(type: string, bytes: Uint8Array | undefined): boolean {
    if (type !== '$' || this.#left === 0) return false;
    if (this.#words.length < MOST_WORDS) this.#words.push(bytes ? fieldText(bytes) : '');
    if (--this.#left === 0) this.#take({ words: this.#words, count: this.#count });
    return true;
  }
}

/** True if a first chunk of a client is an array of strings. */
export const beginsArray = (bytes: Uint8Array): boolean =>
  /^\*\d{1,7}\r\n\$\d{1,9}\r\n/.test(latin1Text(bytes, 0, Math.min(bytes.length, 24)));
