/** Pairs expected rows with ours and counts what agrees. Rows pair within the same key; the most alike pair first. */
import { type Field, RECORDS } from '@thymus/core';
import type { Row } from './corpus.ts';

export interface Comparison {
  /** Expected rows, and how many of them have a partner that agrees in all deciding fields. */
  readonly rows: number;
  readonly found: number;
  /** Compared fields of all expected rows, and how many are equal; a missing row has none. */
  readonly fields: number;
  readonly equal: number;
  /** Our rows that nothing expected. */
  readonly extra: number;
  /** One line per difference. */
  readonly differences: readonly string[];
}

const TUPLE = ['id.orig_h', 'id.orig_p', 'id.resp_h', 'id.resp_p'] as const;

/** What makes two rows candidates for each other. */
const KEYS: Readonly<Record<string, readonly string[]>> = {
  conn: [...TUPLE, 'proto'],
  weird: [...TUPLE, 'name'],
  x509: ['fingerprint'],
  dhcp: [],
};
/** What must agree beyond the key for a row to count as found. */
const DECIDING: Readonly<Record<string, readonly string[]>> = {
  conn: ['orig_pkts', 'resp_pkts', 'orig_ip_bytes', 'resp_ip_bytes', 'conn_state', 'history'],
};
/** Ids are random, and the first time of a row is masked. */
const MASKED_COLUMNS = /^(ts|id|uids?|fuids?|parent_fuid|.*_fuids?|tunnel_parents|peer)$/;
/**
 * What we do not have, and why: services that were only tried (speculative_service, failed_service) are Zeek's own
 * states of detection, and a PPPoE session means nothing beyond its line.
 */
const NOT_OURS = /^(speculative_service|failed_service|pppoe_session_id)$/;
const MASKED = /^X+\.X+$/;
/** Columns whose values have no order. */
const SETS: ReadonlySet<string> = new Set(
  RECORDS.flatMap(({ fields }) => Object.entries<Field>(fields))
    .filter(([, field]) => field.zeekType?.startsWith('set['))
    .map(([name, field]) => field.zeek ?? name),
);
const TOLERANCE = 1.000_001e-6;

/** True if two values of a column are the same; numbers with a fraction may differ by a microsecond. */
export function isSame(expected: string, ours: string, column: string, isBare: boolean): boolean {
  if (expected === ours) return true;
  if (SETS.has(column) && expected.includes(',')) return sorted(expected) === sorted(ours);
  if (column === 'service' && isBare) return isSubset(expected, ours);
  if (!expected.includes('.') || !/^-?[\d.,]+$/.test(expected) || !/^-?[\d.,]+$/.test(ours)) return false;
  const [a, b] = [expected.split(','), ours.split(',')];
  return a.length === b.length && a.every((value, i) => Math.abs(Number(value) - Number(b[i])) <= TOLERANCE);
}

const sorted = (list: string): string => list.split(',').sort().join();

const isSubset = (expected: string, ours: string): boolean =>
  expected === '-' || expected.split(',').every((service) => ours.split(',').includes(service));

interface Pair {
  readonly expected: number;
  readonly ours: number;
  readonly alike: number;
}

/** Compares the rows of one log of one set. */
export function compareRows(
  log: string,
  expected: readonly Row[],
  ours: readonly Row[],
  isBare: boolean,
): Comparison {
  const columns = comparedColumns(expected);
  const partners = pairUp(log, expected, ours, columns, isBare);
  const tally = { rows: expected.length, found: 0, fields: 0, equal: 0, extra: 0 };
  const differences: string[] = [];
  for (const [i, row] of expected.entries()) {
    const compared = columns.filter((column) => !MASKED.test(row[column]!));
    const partner = partners.get(i);
    tally.fields += compared.length;
    if (!partner) {
      differences.push(`missing ${describe(log, row)}`);
      continue;
    }
    const unequal = compared.filter(
      (column) => !isSame(row[column]!, partner[column] ?? '(no column)', column, isBare),
    );
    tally.equal += compared.length - unequal.length;
    if (!unequal.some((column) => DECIDING[log]?.includes(column))) tally.found++;
    if (unequal.length === 0) continue;
    const told = unequal.map((column) => `${column}: ${row[column]} ≠ ${partner[column] ?? '(no column)'}`);
    differences.push(`differs ${describe(log, row)}: ${told.join('; ')}`);
  }
  const used = new Set(partners.values());
  for (const row of ours) if (!used.has(row)) differences.push(`extra ${describe(log, row)}`);
  return { ...tally, extra: ours.length - used.size, differences };
}

const comparedColumns = (expected: readonly Row[]): string[] =>
  Object.keys(expected[0] ?? {}).filter(
    (column) => column !== '' && !MASKED_COLUMNS.test(column) && !NOT_OURS.test(column),
  );

function pairUp(
  log: string,
  expected: readonly Row[],
  ours: readonly Row[],
  columns: readonly string[],
  isBare: boolean,
): Map<number, Row> {
  const keys = (KEYS[log] ?? TUPLE).filter((key) => expected[0] !== undefined && key in expected[0]);
  const keyOf = (row: Row): string => keys.map((key) => row[key]).join('\t');
  const groups = Map.groupBy(ours.keys(), (i) => keyOf(ours[i]!));
  const pairs: Pair[] = [];
  for (const [i, row] of expected.entries()) {
    for (const j of groups.get(keyOf(row)) ?? []) {
      const alike = columns.filter((column) => isSame(row[column]!, ours[j]![column] ?? '', column, isBare));
      pairs.push({ expected: i, ours: j, alike: alike.length });
    }
  }
  pairs.sort((a, b) => b.alike - a.alike);
  const partners = new Map<number, Row>();
  const taken = new Set<number>();
  for (const pair of pairs) {
    if (partners.has(pair.expected) || taken.has(pair.ours)) continue;
    partners.set(pair.expected, ours[pair.ours]!);
    taken.add(pair.ours);
  }
  return partners;
}

function describe(log: string, row: Row): string {
  const keys = [...(KEYS[log] ?? TUPLE), ...(DECIDING[log] ?? [])];
  return keys.map((key) => row[key]).join(' ') || Object.values(row).join(' ');
}
