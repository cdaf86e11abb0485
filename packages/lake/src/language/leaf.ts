/**
 * One comparison of one column as SQL. Texts compare without regard to case (ids, hashes and histories excepted),
 * addresses by range, intervals in seconds, times by the precision they are written in.
 */
import { canonicalAddress, formatAddress, parseRange } from '@thymus/core';
import { isAnything, type Pattern, patternText, plainText, type Value } from './ast.ts';
import type { Binder } from './binder.ts';
import type { Target } from './catalogue.ts';
import type { Condition } from './condition.ts';
import { and, or } from './condition.ts';
import { parseSpan, type Span } from './dates.ts';

/** The condition, or undefined where the value is none for a column of this type. */
export function compare(target: Target, value: Value, bind: Binder): Condition | undefined {
  if (value.type === 'exists' || (value.type === 'term' && !value.isQuoted && isAnything(value.pattern))) {
    return isSet(target);
  }
  const condition = compareTyped(target, value, bind);
  return typeof condition === 'string' && target.isNullable ? `ifNull(${condition}, 0)` : condition;
}

/** True where the column has a value. */
export function isSet({ sql, type, isOptional, isNullable }: Target): Condition {
  if (!isOptional) return true;
  if (isNullable) return `${sql} IS NOT NULL`;
  if (type === 'string' || type === 'category') return `${sql} != ''`;
  if (type === 'addr') return `${sql} != toIPv6('::')`;
  return type === 'strings' || type === 'intervals' ? `notEmpty(${sql})` : true;
}

function compareTyped(target: Target, value: Value, bind: Binder): Condition | undefined {
  const { sql, type } = target;
  switch (type) {
    case 'string':
    case 'category':
      return compareText(sql, value, target.isExact, bind);
    case 'strings': {
      const item = compareText('x', value, target.isExact, bind);
      return typeof item === 'string' ? `arrayExists(x -> ${item}, ${sql})` : item;
    }
    case 'intervals': {
      const item = compareNumber('x', value, 1_000_000, bind);
      return typeof item === 'string' ? `arrayExists(x -> ${item}, ${sql})` : item;
    }
    case 'addr':
      return compareAddress(sql, value, bind);
    case 'bool':
      return compareBool(sql, value);
    case 'time':
      return compareTime(sql, value, bind);
    case 'interval':
      return compareNumber(sql, value, 1_000_000, bind);
    default:
      return compareNumber(sql, value, 1, bind);
  }
}

/** A LIKE pattern; what is special to LIKE and was meant literally is escaped. */
export const likePattern = (pattern: Pattern): string =>
  pattern
    .map((p) => (typeof p === 'string' ? p.replace(/[\\%_]/g, '\\$&') : p.wildcard === '*' ? '%' : '_'))
    .join('');

const isAscii = (text: string): boolean => /^[\0-\x7f]*$/.test(text);

function compareText(sql: string, value: Value, isExact: boolean, bind: Binder): Condition {
  if (value.type === 'regex')
    return `match(${sql}, ${bind.text(`${isExact ? '' : '(?i)'}^(?:${value.source})$`)})`;
  if (value.type === 'range') {
    return range(value, (operator, text) => `${sql} ${operator} ${bind.text(text)}`);
  }
  if (value.type !== 'term') return true;
  const text = plainText(value.pattern);
  if (text === undefined)
    return `${sql} ${isExact ? 'LIKE' : 'ILIKE'} ${bind.text(likePattern(value.pattern))}`;
  if (isExact || text === '') return `${sql} = ${bind.text(text)}`;
  const lower = isAscii(text) ? 'lower' : 'lowerUTF8';
  return `${lower}(${sql}) = ${bind.text(text.toLowerCase())}`;
}

function range(
  value: Value & { type: 'range' },
  side: (operator: string, text: string) => Condition | undefined,
): Condition {
  const { low, high, includesLow, includesHigh } = value;
  const ends = [
    low === undefined || low === '*' ? true : side(includesLow ? '>=' : '>', low),
    high === undefined || high === '*' ? true : side(includesHigh ? '<=' : '<', high),
  ];
  return and(ends.map((end) => end ?? false));
}

function numberOf(text: string): number | undefined {
  const value = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$|^0x[\da-f]+$/i.test(text) ? Number(text) : Number.NaN;
  return Number.isFinite(value) ? value : undefined;
}

function compareNumber(sql: string, value: Value, scale: number, bind: Binder): Condition | undefined {
  const scaled = (text: string) => {
    const number = numberOf(text);
    return number === undefined ? undefined : bind.number(scale === 1 ? number : Math.round(number * scale));
  };
  if (value.type === 'range') {
    if ([value.low, value.high].some((t) => t !== undefined && t !== '*' && numberOf(t) === undefined))
      return undefined;
    return range(value, (operator, text) => `${sql} ${operator} ${scaled(text)}`);
  }
  if (value.type === 'regex') return `match(toString(${sql}), ${bind.text(`^(?:${value.source})$`)})`;
  if (value.type !== 'term') return true;
  const text = plainText(value.pattern);
  if (text === undefined) {
    return /^[\d.*?-]+$/.test(patternText(value.pattern))
      ? `toString(${sql}) LIKE ${bind.text(likePattern(value.pattern))}`
      : undefined;
  }
  const number = scaled(text);
  return number === undefined ? undefined : `${sql} = ${number}`;
}

const TRUE = new Set(['true', 't', 'yes', 'y', '1']);
const FALSE = new Set(['false', 'f', 'no', 'n', '0']);

function compareBool(sql: string, value: Value): Condition | undefined {
  const text = value.type === 'term' ? plainText(value.pattern)?.toLowerCase() : undefined;
  if (text === undefined) return undefined;
  if (TRUE.has(text)) return `${sql} = true`;
  return FALSE.has(text) ? `${sql} = false` : undefined;
}

/** First and last address of CIDR text, of `10.0.*`, or of a single address. */
export function addressEnds(text: string): [string, string] | undefined {
  const wild = /^((?:\d{1,3}\.){1,3})\*$/.exec(text)?.[1];
  const octets = wild ? wild.split('.').length - 1 : 0;
  const cidr = wild
    ? `${wild}${Array(4 - octets)
        .fill('0')
        .join('.')}/${octets * 8}`
    : text;
  const found = parseRange(cidr);
  if (!found) return undefined;
  const [low, high] = [found.bytes.slice(), found.bytes.slice()];
  for (let bit = found.bits; bit < 128; bit++) {
    const mask = 0x80 >> (bit & 7);
    low[bit >> 3]! &= ~mask;
    high[bit >> 3]! |= mask;
  }
  return [formatAddress(low), formatAddress(high)];
}

function compareAddress(sql: string, value: Value, bind: Binder): Condition | undefined {
  const address = (text: string) => `toIPv6(${bind.text(text)})`;
  // As numbers addresses compare three times as fast as by their own operators.
  const number = (operator: string, text: string) =>
    `toUInt128(${sql}) ${operator} toUInt128(${address(canonicalAddress(text)!)})`;
  if (value.type === 'range') {
    if ([value.low, value.high].some((t) => t !== undefined && t !== '*' && !canonicalAddress(t)))
      return undefined;
    return range(value, number);
  }
  // IPv4 addresses are stored mapped; patterns are written for their usual text.
  const asText = `replaceOne(toString(${sql}), '::ffff:', '')`;
  if (value.type === 'regex') return `match(${asText}, ${bind.text(`^(?:${value.source})$`)})`;
  if (value.type !== 'term') return true;
  const ends = addressEnds(patternText(value.pattern));
  if (ends) {
    const [low, high] = ends;
    // IN uses the bloom filter like = does, and takes half its time.
    if (low === high) return `${sql} IN (${address(low)})`;
    return and([number('>=', low), number('<=', high)]);
  }
  if (plainText(value.pattern) !== undefined) return undefined;
  return /^[\da-f:.*?]+$/i.test(patternText(value.pattern))
    ? `${asText} ILIKE ${bind.text(likePattern(value.pattern))}`
    : undefined;
}

/** SQL for a time given in ms. */
export const timeSql = (ms: number, bind: Binder): string =>
  `fromUnixTimestamp64Micro(${bind.number(Math.round(ms * 1000))}, 'UTC')`;

function compareTime(sql: string, value: Value, bind: Binder): Condition | undefined {
  const at = (operator: string, ms: number) => `${sql} ${operator} ${timeSql(ms, bind)}`;
  if (value.type === 'range') {
    const spans = [value.low, value.high].map((t) => (t === undefined || t === '*' ? null : parseSpan(t)));
    if (spans.includes(undefined)) return undefined;
    return range(value, (operator, text) => beside(at, operator, parseSpan(text)!));
  }
  const text = value.type === 'term' ? plainText(value.pattern) : undefined;
  const span = text === undefined ? undefined : parseSpan(text);
  return span && and([at('>=', span.from), at('<', span.to)]);
}

/** After a day means after its end; up to a day includes all of it. */
function beside(at: (operator: string, ms: number) => string, operator: string, { from, to }: Span): string {
  if (operator === '>=' || operator === '<') return at(operator, from);
  return operator === '>' ? at('>=', to) : at('<', to);
}

/** The condition that any of several texts contains the words, wherever in them. */
export function containsAny(targets: readonly Target[], value: Value, bind: Binder): Condition {
  if (value.type !== 'term' && value.type !== 'regex') return false;
  const test = (sql: string) =>
    value.type === 'regex'
      ? `match(${sql}, ${bind.text(`(?i)${value.source}`)})`
      : `${sql} ILIKE ${bind.text(`%${likePattern(value.pattern)}%`)}`;
  return or(
    targets.map(({ sql, type }) =>
      type === 'strings' ? `arrayExists(x -> ${test('x')}, ${sql})` : test(sql),
    ),
  );
}
