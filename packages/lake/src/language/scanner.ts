/** Cuts an Advanced Search query into tokens. Lucene's query syntax, with the typographic quotes that printed manuals use. */
import { parseRange, ThymusError } from '@thymus/core';
import type { Pattern, Value } from './ast.ts';

export type Token =
  | { readonly type: 'open' | 'close' | 'and' | 'or' | 'not' | 'must'; readonly at: number }
  | { readonly type: 'field'; readonly name: string; readonly at: number }
  | { readonly type: 'value'; readonly value: Value; readonly at: number }
  | { readonly type: 'end'; readonly at: number };

const QUOTES = '"“”„«»';
const SPACE = /\s/;
/** What ends an unquoted word. */
const BREAK = new Set(['(', ')', '[', ']', '{', '}', ...QUOTES]);
const FIELD = /^[\w@][\w@.-]*$/;
const BOUND = /^(?:"([^"]*)"|([^\s"\]}]+))/;
/** Longer texts are nobody's search. */
const MAX_LENGTH = 20_000;

/** BAD_QUERY with the place, counted from 1. */
export const badQuery = (message: string, at: number) =>
  new ThymusError('BAD_QUERY', `${message} (position ${at + 1})`);

/** All tokens of a query, an `end` last. Throws BAD_QUERY with the position. */
export function scan(text: string): Token[] {
  if (text.length > MAX_LENGTH) throw badQuery(`A query has at most ${MAX_LENGTH} characters`, MAX_LENGTH);
  const scanner = new Scanner(text);
  const tokens: Token[] = [];
  do tokens.push(scanner.next());
  while (tokens.at(-1)!.type !== 'end');
  return tokens;
}

class Scanner {
  readonly #text: string;
  #at = 0;
  /** The value of a field follows: no operators here, and a colon belongs to it. */
  #isAfterField = false;

  constructor(text: string) {
    this.#text = text;
  }

  next(): Token {
    while (this.#at < this.#text.length && SPACE.test(this.#text[this.#at]!)) this.#at++;
    const at = this.#at;
    if (at === this.#text.length) return { type: 'end', at };
    const isValue = this.#isAfterField;
    this.#isAfterField = false;
    const c = this.#text[at]!;
    if (c === '(' || c === ')') return this.#symbol(c === '(' ? 'open' : 'close', 1);
    if (QUOTES.includes(c)) return { type: 'value', value: this.#phrase(), at };
    if (c === '[' || c === '{') return { type: 'value', value: this.#range(), at };
    const regex = c === '/' ? this.#regex() : undefined;
    if (regex) return { type: 'value', value: regex, at };
    if (c === ']' || c === '}') throw badQuery(`A ${c} without its beginning`, at);
    if (c === '>' || c === '<') return { type: 'value', value: this.#comparison(), at };
    return (isValue ? undefined : this.#operator(c)) ?? this.#word(isValue);
  }

  #symbol(type: 'open' | 'close' | 'and' | 'or' | 'not' | 'must', length: number): Token {
    const at = this.#at;
    this.#at += length;
    return { type, at };
  }

  #operator(c: string): Token | undefined {
    const two = this.#text.slice(this.#at, this.#at + 2);
    if (two === '&&') return this.#symbol('and', 2);
    if (two === '||') return this.#symbol('or', 2);
    if (c === '!' || c === '-') return this.#symbol('not', 1);
    if (c === '+') return this.#symbol('must', 1);
    const word = /^(and|or|not)(?=[\s()]|$)/i.exec(this.#text.slice(this.#at, this.#at + 4))?.[1];
    return word ? this.#symbol(word.toLowerCase() as 'and' | 'or' | 'not', word.length) : undefined;
  }

  /** A field with its colon, or an unquoted value. */
  #word(isValue: boolean): Token {
    const at = this.#at;
    const pieces: Pattern[number][] = [];
    let plain = '';
    const flush = () => {
      if (plain !== '') pieces.push(plain);
      plain = '';
    };
    for (; this.#at < this.#text.length; this.#at++) {
      const c = this.#text[this.#at]!;
      if (SPACE.test(c) || BREAK.has(c)) break;
      if (c === '\\' && this.#at + 1 < this.#text.length) plain += this.#text[++this.#at]!;
      else if (c === '*' || c === '?') {
        flush();
        pieces.push({ wildcard: c });
      } else if (c === ':' && !isValue && this.#isField(at)) return this.#field(at);
      else plain += c;
    }
    flush();
    this.#refuseOperators(pieces, at);
    return { type: 'value', value: { type: 'term', pattern: pieces, isQuoted: false }, at };
  }

  /** `*:*` and IPv6 addresses have colons too, but no field before them. */
  #isField(start: number): boolean {
    const name = this.#text.slice(start, this.#at);
    if (name === '*') return false;
    const word = /^[^\s()]*/.exec(this.#text.slice(start))![0];
    if (parseRange(word)) return false;
    if (FIELD.test(name)) return true;
    throw badQuery(`"${name}" is no field name; put a text with a colon into quotes`, start);
  }

  #field(at: number): Token {
    const name = this.#text.slice(at, this.#at);
    this.#at++;
    while (this.#at < this.#text.length && SPACE.test(this.#text[this.#at]!)) this.#at++;
    if (this.#at === this.#text.length) throw badQuery(`A value is missing after ${name}:`, this.#at);
    this.#isAfterField = true;
    return { type: 'field', name, at };
  }

  #refuseOperators(pieces: Pattern, at: number): void {
    const last = pieces.at(-1);
    if (typeof last === 'string' && /[^~^][~^][\d.]*$/.test(last)) {
      throw badQuery('Fuzzy and weighted terms (~ and ^) are not known here; use wildcards or quotes', at);
    }
  }

  #phrase(): Value {
    const start = this.#at++;
    let text = '';
    for (; this.#at < this.#text.length; this.#at++) {
      const c = this.#text[this.#at]!;
      if (QUOTES.includes(c)) {
        this.#at++;
        return { type: 'term', pattern: [text], isQuoted: true };
      }
      text += c === '\\' && this.#at + 1 < this.#text.length ? this.#text[++this.#at]! : c;
    }
    throw badQuery('A quote is not closed', start);
  }

  /** `/…/` with nothing stuck to its end; anything else is a path, as in `uri:/login`. */
  #regex(): Value | undefined {
    const found = /^\/((?:[^/\\]|\\.)+)\/(?=[\s)]|$)/s.exec(this.#text.slice(this.#at));
    if (!found) return undefined;
    this.#at += found[0].length;
    return { type: 'regex', source: found[1]!.replaceAll('\\/', '/') };
  }

  #range(): Value {
    const start = this.#at;
    const rest = this.#text.slice(start);
    const inside = /^[[{]\s*(\S+|"[^"]*")\s+TO\s+("[^"]*"|[^\s\]}]+)\s*([\]}])/i.exec(rest);
    if (!inside) throw badQuery('A range is written [low TO high] or {low TO high}', start);
    this.#at += inside[0].length;
    const [low, high] = [bound(inside[1]!), bound(inside[2]!)];
    return {
      type: 'range',
      ...(low !== undefined && { low }),
      ...(high !== undefined && { high }),
      includesLow: rest[0] === '[',
      includesHigh: inside[3] === ']',
    };
  }

  #comparison(): Value {
    const [operator] = /^[<>]=?/.exec(this.#text.slice(this.#at))!;
    this.#at += operator.length;
    while (this.#text[this.#at] === ' ') this.#at++;
    const found = /^(?:"[^"]*"|[^\s()"]+)/.exec(this.#text.slice(this.#at));
    if (!found) throw badQuery(`A value is missing after ${operator}`, this.#at);
    this.#at += found[0].length;
    const side = { [operator[0] === '>' ? 'low' : 'high']: bound(found[0]) ?? '*' };
    return { type: 'range', includesLow: operator === '>=', includesHigh: operator === '<=', ...side };
  }
}

/** One end of a range; `*` leaves it open. */
function bound(text: string): string | undefined {
  if (text === '*') return undefined;
  const [, quoted, plain] = BOUND.exec(text) ?? [];
  return quoted ?? plain ?? text;
}
