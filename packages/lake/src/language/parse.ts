/**
 * Advanced Search text to a query tree: Lucene's syntax with the usual precedence NOT, AND, OR. Words that follow each
 * other without an operator must all hold.
 */
import type { Query, Value } from './ast.ts';
import { badQuery, scan, type Token } from './scanner.ts';

const MAX_DEPTH = 50;
/** Every match is compiled for up to all record kinds; more than this would not fit into one statement. */
const MAX_MATCHES = 256;
const STARTS = new Set(['open', 'not', 'must', 'field', 'value']);

/** The tree of a query; an empty text asks for everything. Throws BAD_QUERY with the position. */
export function parseQuery(text: string): Query {
  const parser = new Parser(scan(text));
  return parser.parse();
}

/** A field that the values behind it, up to the end of a bracket, belong to. */
interface FieldName {
  readonly name: string;
  readonly at: number;
}

class Parser {
  readonly #tokens: readonly Token[];
  #at = 0;
  #depth = 0;
  #matches = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  parse(): Query {
    if (this.#tokens.length === 1) return { type: 'all' };
    const query = this.#or(undefined);
    const { type, at } = this.#token;
    if (type === 'close') throw badQuery('A bracket is closed that was never opened', at);
    if (type !== 'end') throw badQuery('This does not belong here', at);
    return query;
  }

  get #token(): Token {
    return this.#tokens[this.#at]!;
  }

  #or(field: FieldName | undefined): Query {
    const items = [this.#and(field)];
    while (this.#token.type === 'or') {
      this.#at++;
      items.push(this.#and(field));
    }
    return items.length === 1 ? items[0]! : { type: 'or', items };
  }

  #and(field: FieldName | undefined): Query {
    const items = [this.#unary(field)];
    for (;;) {
      if (this.#token.type === 'and') this.#at++;
      else if (!STARTS.has(this.#token.type)) break;
      items.push(this.#unary(field));
    }
    return items.length === 1 ? items[0]! : { type: 'and', items };
  }

  #unary(field: FieldName | undefined): Query {
    if (++this.#depth > MAX_DEPTH) throw badQuery('The query is nested too deeply', this.#token.at);
    const query = this.#unaryAt(field, this.#token);
    this.#depth--;
    return query;
  }

  #unaryAt(field: FieldName | undefined, token: Token): Query {
    this.#at++;
    switch (token.type) {
      case 'not':
        return { type: 'not', item: this.#unary(field) };
      case 'must':
        return this.#unary(field);
      case 'open':
        return this.#group(field, token.at);
      case 'field':
        return this.#unary({ name: token.name, at: token.at });
      case 'value':
        return this.#match(field, token);
      case 'end':
        throw badQuery('The query ends where a term is expected', token.at);
      default:
        throw badQuery('A term is expected here', token.at);
    }
  }

  #group(field: FieldName | undefined, at: number): Query {
    const query = this.#or(field);
    if (this.#token.type !== 'close') throw badQuery('A bracket is not closed', at);
    this.#at++;
    return query;
  }

  #match(field: FieldName | undefined, { value, at }: Token & { type: 'value' }): Query {
    if (++this.#matches > MAX_MATCHES) throw badQuery(`A query has at most ${MAX_MATCHES} terms`, at);
    if (field === undefined) return { type: 'match', value, at };
    if (/^_(exists|missing)_$/.test(field.name)) return existence(field.name, value, at);
    return { type: 'match', field: stripPrefix(field.name), value, at: field.at, valueAt: at };
  }
}

function existence(operator: string, value: Value, at: number): Query {
  const name = value.type === 'term' && value.pattern.length === 1 ? value.pattern[0] : undefined;
  if (typeof name !== 'string') throw badQuery(`${operator}: is followed by a field name`, at);
  const item: Query = { type: 'match', field: stripPrefix(name), value: { type: 'exists' }, at };
  return operator === '_exists_' ? item : { type: 'not', item };
}

const stripPrefix = (name: string): string => name.replace(/^@fields\./i, '');
