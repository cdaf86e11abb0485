/** A query tree to one SQL condition per record kind, with every value bound. */
import type { RecordKind } from '@thymus/core';
import { isAnything, type Match, patternText, plainText, type Query, type Value } from './ast.ts';
import { Binder } from './binder.ts';
import {
  bareTargets,
  type CatalogueField,
  findField,
  HIDDEN_KINDS,
  KINDS,
  kindOf,
  suggestField,
} from './catalogue.ts';
import { and, type Condition, not, or } from './condition.ts';
import { addressEnds, compare, containsAny } from './leaf.ts';
import { nearest } from './nearest.ts';
import { badQuery } from './scanner.ts';

/** What to read: a kind, and which of its rows; `true` for all of them. */
export interface KindCondition {
  readonly kind: RecordKind;
  readonly where: string | true;
}

const UID = /^C[0-9A-Za-z]{10,24}$/;

/** Kinds that can match, each with its condition. Throws BAD_QUERY for unknown fields, types and impossible values. */
export function compile(query: Query, bind: Binder): KindCondition[] {
  check(query);
  const asked = askedKinds(query);
  const kinds = KINDS.filter((kind) => !HIDDEN_KINDS.has(kind) || asked.has(kind));
  return kinds.flatMap((kind) => {
    const where = conditionOf(query, kind, bind);
    return where === false ? [] : [{ kind, where }];
  });
}

function conditionOf(query: Query, kind: RecordKind, bind: Binder): Condition {
  switch (query.type) {
    case 'all':
      return true;
    case 'not':
      return not(conditionOf(query.item, kind, bind));
    case 'and':
      return and(query.items.map((item) => conditionOf(item, kind, bind)));
    case 'or':
      return or(query.items.map((item) => conditionOf(item, kind, bind)));
    case 'match':
      return matchOf(query, kind, bind);
  }
}

function matchOf({ field, value }: Match, kind: RecordKind, bind: Binder): Condition {
  if (field === undefined) return bareMatch(value, kind, bind);
  if (isTypeField(field)) return value.type === 'exists' || kindTest(value)(kind);
  const targets = findField(field)!.targets.get(kind) ?? [];
  return or(targets.map((target) => compare(target, value, bind) ?? false));
}

/** A word without a field: in any text, as an address, or as the id of a connection. */
function bareMatch(value: Value, kind: RecordKind, bind: Binder): Condition {
  if (value.type === 'term' && !value.isQuoted && isEverything(value)) return true;
  const { texts, addresses, ids } = bareTargets(kind);
  const found = [containsAny(texts, value, bind)];
  if (value.type === 'term') {
    const text = plainText(value.pattern);
    if (addressEnds(patternText(value.pattern)))
      found.push(...addresses.map((target) => compare(target, value, bind) ?? false));
    if (text !== undefined && UID.test(text)) found.push(...ids.map((t) => compare(t, value, bind) ?? false));
  }
  return or(found);
}

const isEverything = (value: Value & { type: 'term' }): boolean =>
  isAnything(value.pattern) || patternText(value.pattern) === '*:*';

const isTypeField = (field: string): boolean => /^(@?type|kind)$/i.test(field);

function kindTest(value: Value): (kind: RecordKind) => boolean {
  if (value.type !== 'term') return () => false;
  const text = plainText(value.pattern);
  if (text !== undefined) {
    const asked = kindOf(text);
    return (kind) => kind === asked;
  }
  const source = value.pattern
    .map((p) => (typeof p === 'string' ? RegExp.escape(p.toLowerCase()) : p.wildcard === '*' ? '.*' : '.'))
    .join('');
  const regex = new RegExp(`^${source}$`);
  return (kind) => regex.test(kind);
}

/** Kinds that the query names by `@type` itself, not by a wildcard and not to leave them out. */
function askedKinds(query: Query, isWanted = true): Set<RecordKind> {
  if ('items' in query) {
    return new Set(query.items.flatMap((item) => [...askedKinds(item, isWanted)]));
  }
  if (query.type === 'not') return askedKinds(query.item, !isWanted);
  if (query.type !== 'match' || !isWanted || !query.field || !isTypeField(query.field)) return new Set();
  const text = query.value.type === 'term' ? plainText(query.value.pattern) : undefined;
  const kind = text === undefined ? undefined : kindOf(text);
  return new Set(kind ? [kind] : []);
}

function check(query: Query): void {
  if (query.type === 'and' || query.type === 'or') query.items.forEach(check);
  else if (query.type === 'not') check(query.item);
  else if (query.type === 'match') checkMatch(query);
}

function checkMatch({ field, value, at, valueAt = at }: Match): void {
  if (field === undefined) {
    if (value.type === 'range') throw badQuery('A range needs a field before it, as in dest_port:>1023', at);
    return;
  }
  if (isTypeField(field)) {
    checkType(value, valueAt);
    return;
  }
  const found = findField(field);
  if (!found) {
    const suggestion = suggestField(field);
    throw badQuery(`No field is named "${field}"${suggestion ? `; did you mean ${suggestion}?` : ''}`, at);
  }
  checkValue(found, value, valueAt);
}

function checkType(value: Value, at: number): void {
  if (value.type === 'range' || value.type === 'regex')
    throw badQuery('@type: takes a name or a wildcard', at);
  const text = value.type === 'term' ? plainText(value.pattern) : undefined;
  if (text === undefined || kindOf(text)) return;
  const suggestion = nearest(text.toLowerCase(), KINDS) ?? KINDS[0];
  throw badQuery(`No records are of the type "${text}"; did you mean ${suggestion}?`, at);
}

const EXPECTED: Readonly<Record<string, string>> = {
  addr: 'an address, a range such as 10.0.0.0/8, or 10.0.*',
  bool: 'true or false',
  time: 'a date such as 2026-03-01T10:00 or ms since the epoch',
  interval: 'a number of seconds',
  intervals: 'a number of seconds',
};

function checkValue(field: CatalogueField, value: Value, at: number): void {
  const probe = new Binder();
  const targets = [...field.targets.values()].flat();
  if (targets.some((target) => compare(target, value, probe) !== undefined)) return;
  throw badQuery(`${field.name}: expects ${EXPECTED[field.type] ?? 'a number'}`, at);
}
