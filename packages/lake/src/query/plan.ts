/** From a request to the tables it reads: parsed, compiled, cut to its time range, and limited in what it may cost. */
import { type RecordKind, ThymusError } from '@thymus/core';
import type { SearchRequest } from '../lake.ts';
import { Binder } from '../language/binder.ts';
import { compile } from '../language/compile.ts';
import { and, type Condition } from '../language/condition.ts';
import { timeSql } from '../language/leaf.ts';
import { parseQuery } from '../language/parse.ts';
import { tableOf } from '../schema/tables.ts';

/** What one search may cost before it ends with QUERY_LIMIT. */
export interface QueryLimits {
  seconds: number;
  rows: number;
  memoryBytes: number;
}

export const DEFAULT_LIMITS: QueryLimits = { seconds: 15, rows: 5_000_000_000, memoryBytes: 1_500_000_000 };

export interface Source {
  readonly kind: RecordKind;
  readonly where: string | true;
}

/** `FROM table [WHERE …]`, with one more condition on demand. */
export function fromSql({ kind, where }: Source, also: Condition = true): string {
  const condition = and([where, also]);
  return condition === true ? `FROM ${tableOf(kind)}` : `FROM ${tableOf(kind)} WHERE ${condition}`;
}

export interface Plan {
  readonly sources: readonly Source[];
  readonly bind: Binder;
}

/** Throws BAD_QUERY, or BAD_INPUT for a range that is none. */
export function plan(request: SearchRequest): Plan {
  const { query, from, to } = request;
  if (Number.isNaN(from) || Number.isNaN(to))
    throw new ThymusError('BAD_INPUT', 'A time range needs numbers.');
  const bind = new Binder();
  const ends = [
    from === undefined || !Number.isFinite(from) ? true : `ts >= ${timeSql(from, bind)}`,
    to === undefined || !Number.isFinite(to) ? true : `ts < ${timeSql(to, bind)}`,
  ];
  const sources = compile(parseQuery(query), bind).map(({ kind, where }) => ({
    kind,
    where: and([...ends, where]) as string | true,
  }));
  return { sources, bind };
}

/** What goes behind every statement that a user's words are part of: nothing but reading, and not for long. */
export const limitsSql = ({ seconds, rows, memoryBytes }: QueryLimits): string =>
  [
    'SETTINGS readonly = 1',
    `max_execution_time = ${seconds}`,
    `max_rows_to_read = ${rows}`,
    `max_memory_usage = ${memoryBytes}`,
    `max_bytes_before_external_group_by = ${Math.floor(memoryBytes / 2)}`,
    `max_bytes_before_external_sort = ${Math.floor(memoryBytes / 2)}`,
  ].join(', ');

/** Longer statements are refused by the engine's parser. */
const MAX_STATEMENT = 250_000;

/** One select per source, joined. */
export function unionOf<S extends Source>(sources: readonly S[], select: (source: S) => string): string {
  const sql = sources.map(select).join('\nUNION ALL\n');
  if (sql.length > MAX_STATEMENT) {
    throw new ThymusError('BAD_QUERY', 'The query is too long for all record types: name one with @type.');
  }
  return sql;
}
