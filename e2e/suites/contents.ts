/** Everything a data folder knows, in a form that can be compared: records by kind, and breaches. */
import { hash } from 'node:crypto';
import type { Ask } from '../src/program.ts';

export interface Contents {
  /** Per kind: how many records, and a hash of all of them. */
  records: Record<string, { rows: number; hash: string }>;
  breaches: { rows: number; hash: string };
}

type Hit = { kind: string; ts: number } & Record<string, unknown>;

interface Page {
  total: number;
  hits: Hit[];
}

const PAGE = 10_000;
/** Before and after all of our captures, ms. */
const FIRST = 0;
const LAST = Date.UTC(2100, 0, 1);

/** Numbers and times that a repeated run may give otherwise: allotted in turn, or taken from the clock. */
const OF_THE_RUN = new Set([
  'pbid',
  'cbid',
  'creationTime',
  'modified',
  'created',
  'edited',
  'stored',
  'took',
]);

export async function contentsOf(ask: Ask): Promise<Contents> {
  const lines = new Map<string, string[]>();
  for await (const record of everyRecord(ask, FIRST, LAST)) {
    if (!lines.has(record.kind)) lines.set(record.kind, []);
    lines.get(record.kind)!.push(canonical(record));
  }
  const records = Object.fromEntries([...lines].sort().map(([kind, all]) => [kind, summary(all)]));
  const found = await ask<unknown[]>('/modelbreaches', {
    minscore: 0,
    includeacknowledged: 'true',
    includesuppressed: 'true',
    deviceattop: 'true',
  });
  return { records, breaches: summary(found.map(canonical)) };
}

/** Halves the time until a page holds all of a part: pages of equal times would have no order. */
async function* everyRecord(ask: Ask, from: number, to: number): AsyncGenerator<Hit> {
  const { total, hits } = await ask<Page>('/ui/search', { q: '', from, to, size: PAGE });
  if (total <= hits.length) {
    yield* hits;
    return;
  }
  const middle = Math.floor((from + to) / 2);
  if (middle <= from)
    throw new Error(`More than ${PAGE} records at ${from}: the suite cannot tell them apart.`);
  yield* everyRecord(ask, from, middle);
  yield* everyRecord(ask, middle, to);
}

const canonical = (value: unknown): string =>
  JSON.stringify(value, (name, part: unknown) => {
    if (OF_THE_RUN.has(name)) return undefined;
    if (typeof part !== 'object' || part === null || Array.isArray(part)) return part;
    return Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)));
  });

const summary = (lines: string[]): { rows: number; hash: string } => ({
  rows: lines.length,
  hash: hash('sha256', lines.sort().join('\n')).slice(0, 16),
});
