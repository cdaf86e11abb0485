/**
 * Counts, most frequent values, statistics and series over what a search matches. Names made beside columns of records
 * begin with `its_`: the engine would take a column of the same name in a condition for what the name stands for.
 */
import { ThymusError } from '@thymus/core';
import { findField, suggestField, type Target } from '../language/catalogue.ts';
import { isSet, timeSql } from '../language/leaf.ts';
import { fromSql, type Plan, type Source, unionOf } from './plan.ts';

export const countSql = ({ sources }: Plan): string =>
  `SELECT sum(its_n) AS n FROM (\n${unionOf(sources, (source) => `SELECT count() AS its_n ${fromSql(source)}`)}\n)`;

/** Records per kind and step; keys are multiples of the step, in ms. */
export function histogramSql({ sources }: Plan, interval: number): string {
  const inner = unionOf(
    sources,
    (source) =>
      `SELECT '${source.kind}' AS its_kind, ${stepSql(interval)} AS its_step, count() AS its_n ${fromSql(source)} GROUP BY its_step`,
  );
  return `SELECT its_kind AS kind, its_step AS step, its_n AS count FROM (\n${inner}\n)`;
}

/** The number of the step that a record falls into. */
function stepSql(interval: number): string {
  const isWhole = Number.isInteger(interval) && interval % 1000 === 0;
  // Seconds are a third cheaper to divide than µs, and steps are seconds nearly always.
  return isWhole
    ? `intDiv(toUnixTimestamp(ts), ${interval / 1000})`
    : `intDiv(toUnixTimestamp64Micro(ts), ${Math.round(interval * 1000)})`;
}

/** Throws BAD_INPUT for a step that is none. */
export function checkInterval(interval: number): void {
  if (!(interval >= 1 && interval <= 1e13))
    throw new ThymusError('BAD_INPUT', 'interval must be 1 ms or more.');
}

interface FieldSource extends Source {
  readonly target: Target;
  /** µs in a unit of time: ms, but seconds where the field is named as queries name it, `@fields.duration`. */
  readonly unit: 1000 | 1_000_000;
  /** A truth that queries know as "True" and "False": `@fields.success`. */
  readonly isTitled: boolean;
}

/** The sources that have a field, with what it is read from. Throws BAD_QUERY for a field nobody knows. */
function sourcesWith({ sources }: Plan, name: string): FieldSource[] {
  const field = findField(name);
  if (!field) {
    const suggestion = suggestField(name);
    const hint = suggestion ? `; did you mean ${suggestion}?` : '.';
    throw new ThymusError('BAD_QUERY', `No field is named "${name}"${hint}`);
  }
  const isQueryName = /^@fields\./i.test(name);
  const unit = isQueryName ? 1_000_000 : 1000;
  const isTitled = isQueryName && field.name === 'success';
  return sources.flatMap((source) => {
    const target = field.targets.get(source.kind)?.[0];
    return target ? [{ ...source, target, unit, isTitled } as const] : [];
  });
}

/** Reads a target where it is set: lists item by item, everything else once. */
function valuesOf(source: FieldSource): { value: string; from: string } {
  const { sql, type } = source.target;
  const isList = type === 'strings' || type === 'intervals';
  return { value: isList ? `arrayJoin(${sql})` : sql, from: fromSql(source, isSet(source.target)) };
}

/** A value as the text that a list of terms shows; IPv4 addresses in their usual form. */
function textSql(sql: string, { target: { type }, unit, isTitled }: FieldSource): string {
  if (isTitled) return `initcap(toString(${sql}))`;
  if (type === 'interval' || type === 'intervals') return `toString(${sql} / ${unit})`;
  if (type === 'time') return `toString(toUnixTimestamp64Micro(assumeNotNull(${sql})) / ${unit})`;
  if (type === 'addr') return `replaceOne(toString(${sql}), '::ffff:', '')`;
  return `toString(${sql})`;
}

/** Most frequent values; undefined where no kind that matches has the field. */
export function termsSql(plan: Plan, field: string, size: number): string | undefined {
  const sources = sourcesWith(plan, field);
  if (sources.length === 0) return undefined;
  const inner = unionOf(sources, (source) => {
    const { value, from } = valuesOf(source);
    const groups = `SELECT ${value} AS its_value, count() AS its_n ${from} GROUP BY its_value`;
    return `SELECT ${textSql('its_value', source)} AS key, its_n AS n FROM (${groups})`;
  });
  return `SELECT key, sum(n) AS count FROM (\n${inner}\n) GROUP BY key ORDER BY count DESC, key LIMIT ${size}`;
}

/** Values that became more or less frequent from the time before `middle` to the time after it. */
export function trendSql(plan: Plan, field: string, middle: number, size: number): string | undefined {
  const sources = sourcesWith(plan, field);
  if (sources.length === 0) return undefined;
  const at = timeSql(middle, plan.bind);
  const inner = unionOf(sources, (source) => {
    const { value, from } = valuesOf(source);
    const groups = `SELECT ${value} AS its_value, countIf(ts < ${at}) AS its_a, countIf(ts >= ${at}) AS its_b ${from} GROUP BY its_value`;
    return `SELECT ${textSql('its_value', source)} AS key, its_a AS a, its_b AS b FROM (${groups})`;
  });
  return [
    'SELECT key AS id, sum(b) AS count, sum(a) AS start, toInt64(count) - toInt64(start) AS trend FROM (',
    inner,
    `) GROUP BY key ORDER BY abs(trend) DESC, key LIMIT ${size}`,
  ].join('\n');
}

/** A target as a number in our units. Throws BAD_QUERY for fields that are no numbers. */
function numberSql({ target: { sql, type }, unit }: FieldSource, field: string): string {
  if (type === 'interval') return `${sql} / ${unit}`;
  if (type === 'time') return `toUnixTimestamp64Micro(${sql}) / ${unit}`;
  if (type === 'count' || type === 'double' || type === 'port' || type === 'bool') return `toFloat64(${sql})`;
  throw new ThymusError('BAD_QUERY', `"${field}" is no number: it cannot be averaged or added up.`);
}

const STATS = 'sum(n) AS count, min(low) AS min, max(high) AS max, sum(total) AS sum';
const PARTS = 'count() AS n, min(its_v) AS low, max(its_v) AS high, sum(its_v) AS total';

/** Count, smallest, largest and sum of a numeric field where it is set; by step on demand. */
export function statsSql(plan: Plan, field: string, interval?: number): string | undefined {
  const sources = sourcesWith(plan, field);
  if (sources.length === 0) return undefined;
  const step = interval === undefined ? '' : `${stepSql(interval)} AS step, `;
  const group = interval === undefined ? '' : 'GROUP BY step';
  const inner = unionOf(sources, (source) => {
    const number = numberSql(source, field);
    const values = `SELECT ts, ${number} AS its_v ${fromSql(source, isSet(source.target))}`;
    return `SELECT ${step}${PARTS} FROM (${values}) ${group}`;
  });
  const key = interval === undefined ? '' : 'step, ';
  return `SELECT ${key}${STATS} FROM (\n${inner}\n) WHERE n > 0 ${group && 'GROUP BY step ORDER BY step'}`;
}

const SUM = /^\s*[+-]?\s*[@\w.]+(\s*[+-]\s*[@\w.]+)*\s*$/;

/** Sum per step of `field`, which may add and subtract fields: `orig_bytes+resp_bytes`. Unset values count as 0. */
export function seriesSql(plan: Plan, expression: string, interval: number): string | undefined {
  if (!SUM.test(expression)) {
    throw new ThymusError(
      'BAD_QUERY',
      `"${expression}" is no field, and no sum of fields such as orig_bytes+resp_bytes.`,
    );
  }
  const terms = [...expression.matchAll(/([+-])?\s*([@\w.]+)/g)].map(([, sign = '+', name]) => ({
    sign,
    name: name!,
    sources: sourcesWith(plan, name!),
  }));
  const sources = plan.sources.filter(({ kind }) =>
    terms.some((t) => t.sources.some((s) => s.kind === kind)),
  );
  if (sources.length === 0) return undefined;
  const inner = unionOf(sources, (source) => {
    const parts = terms.map(({ sign, name, sources: having }) => {
      const found = having.find(({ kind }) => kind === source.kind);
      return found ? `${sign} ifNull(${numberSql(found, name)}, 0)` : `${sign} 0`;
    });
    return `SELECT ${stepSql(interval)} AS its_step, sum(0 ${parts.join(' ')}) AS its_total ${fromSql(source)} GROUP BY its_step`;
  });
  return `SELECT its_step AS step, sum(its_total) AS value FROM (\n${inner}\n) GROUP BY step ORDER BY step`;
}
