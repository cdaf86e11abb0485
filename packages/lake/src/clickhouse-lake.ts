/** The lake over ClickHouse HTTP: the same code for the child process and for a ClickHouse server. */
import { RECORDS, type RecordKind, ThymusError } from '@thymus/core';
import type { LakeClient } from './client.ts';
import { Gate } from './gate.ts';
import type {
  Bucket,
  Hit,
  Lake,
  LakeFieldInfo,
  SearchReply,
  SearchRequest,
  Stats,
  TimeRange,
  Trend,
  Usage,
} from './lake.ts';
import { catalogueFields } from './language/catalogue.ts';
import {
  checkInterval,
  countSql,
  histogramSql,
  seriesSql,
  statsSql,
  termsSql,
  trendSql,
} from './query/aggregate.ts';
import { hitsSql, pageOf, readHits } from './query/hits.ts';
import { DEFAULT_LIMITS, limitsSql, type Plan, plan, type QueryLimits } from './query/plan.ts';
import { rowColumns, tableOf } from './schema/tables.ts';

export interface LakeOptions {
  limits?: Partial<QueryLimits>;
}

/** What stands behind the client: a child that may be starting again, or a server that is just there. */
export interface Backing {
  /** Resolves once it answers. */
  ready(): Promise<void>;
  close(): Promise<void>;
}

const MS_PER_DAY = 86_400_000;
/** How long an insert is tried again while the lake is away. */
const INSERT_PATIENCE = 60_000;
const QUERY_PATIENCE = 5_000;
const MAX_TERMS = 10_000;
type Ranged = SearchRequest & TimeRange;

const NOTHING: Stats = { count: 0, min: 0, max: 0, avg: 0, sum: 0 };

export class ClickHouseLake implements Lake {
  readonly #client: LakeClient;
  readonly #backing: Backing;
  readonly #gate = new Gate(4, 64);
  readonly #limits: string;
  #isClosed = false;

  constructor(client: LakeClient, backing: Backing, { limits }: LakeOptions = {}) {
    this.#client = client;
    this.#backing = backing;
    this.#limits = limitsSql({ ...DEFAULT_LIMITS, ...limits });
  }

  async insert(kind: RecordKind, rows: Uint8Array, token: string, columns?: number): Promise<void> {
    if (rows.length === 0) return;
    if (!/^[\w:.-]{1,200}$/.test(token)) throw new ThymusError('BAD_INPUT', `"${token}" is no insert token.`);
    const names = rowColumns(kind, columns).map((name) => `\`${name}\``);
    const sql = `INSERT INTO ${tableOf(kind)} (${names.join(', ')}) SETTINGS insert_deduplication_token = '${token}' FORMAT RowBinary`;
    await this.#patiently(INSERT_PATIENCE, () => this.#client.insert(sql, rows));
  }

  async search(request: SearchRequest): Promise<SearchReply> {
    const started = performance.now();
    const { offset, size } = pageOf(request);
    const asked = plan(request);
    const [hits, counted] = await Promise.all([this.#hits(asked, offset, size), this.#count(asked)]);
    const total = counted ?? offset + hits.length;
    return {
      total,
      totalIsExact: counted !== undefined,
      hits,
      took: Math.round(performance.now() - started),
    };
  }

  async count(request: SearchRequest): Promise<{ total: number; totalIsExact: boolean }> {
    const total = await this.#count(plan(request));
    return { total: total ?? 0, totalIsExact: total !== undefined };
  }

  async histogram(request: Ranged, interval: number): Promise<Bucket[]> {
    const counts = new Map<number, number>();
    for (const { key, count } of await this.histogramByKind(request, interval)) {
      counts.set(key, (counts.get(key) ?? 0) + count);
    }
    return [...counts].map(([key, count]) => ({ key, count })).sort((a, b) => a.key - b.key);
  }

  async histogramByKind(request: Ranged, interval: number): Promise<(Bucket & { kind: RecordKind })[]> {
    checkInterval(interval);
    const asked = plan(request);
    const sql = asked.sources.length > 0 ? histogramSql(asked, interval) : undefined;
    const rows = await this.#rows<{ kind: RecordKind; step: number; count: number }>(asked, sql);
    return rows
      .map(({ kind, step, count }) => ({ kind, key: step * interval, count }))
      .sort((a, b) => a.key - b.key || a.kind.localeCompare(b.kind));
  }

  async terms(
    request: SearchRequest,
    field: string,
    size: number,
  ): Promise<{ key: string; count: number }[]> {
    const asked = plan(request);
    return this.#rows(asked, termsSql(asked, field, termCount(size)));
  }

  async trend(request: Ranged, field: string, size: number): Promise<Trend[]> {
    const asked = plan(request);
    return this.#rows(asked, trendSql(asked, field, (request.from + request.to) / 2, termCount(size)));
  }

  async stats(request: SearchRequest, field: string): Promise<Stats> {
    const asked = plan(request);
    const [row] = await this.#rows<Omit<Stats, 'avg'>>(asked, statsSql(asked, field));
    return row && row.count > 0 ? { ...row, avg: row.sum / row.count } : NOTHING;
  }

  async statsHistogram(
    request: Ranged,
    interval: number,
    field: string,
  ): Promise<(Stats & { key: number })[]> {
    checkInterval(interval);
    const asked = plan(request);
    const rows = await this.#rows<Omit<Stats, 'avg'> & { step: number }>(
      asked,
      statsSql(asked, field, interval),
    );
    return rows.map(({ step, ...stats }) => ({
      key: step * interval,
      ...stats,
      avg: stats.sum / stats.count,
    }));
  }

  async series(request: Ranged, interval: number, field?: string): Promise<{ key: number; value: number }[]> {
    if (field === undefined) {
      const buckets = await this.histogram(request, interval);
      return buckets.map(({ key, count }) => ({ key, value: count }));
    }
    checkInterval(interval);
    const asked = plan(request);
    const rows = await this.#rows<{ step: number; value: number }>(asked, seriesSql(asked, field, interval));
    return rows.map(({ step, value }) => ({ key: step * interval, value }));
  }

  async extent(): Promise<{ kind: RecordKind; rows: number; from: number; to: number; bytes: number }[]> {
    const ends = RECORDS.map(
      ({ kind }) =>
        `SELECT '${kind}' AS kind, count() AS rows, toUnixTimestamp64Micro(min(ts)) / 1000 AS from, toUnixTimestamp64Micro(max(ts)) / 1000 AS to FROM ${tableOf(kind)}`,
    );
    await this.#backing.ready();
    const [tables, usage] = await Promise.all([
      this.#client.json<{ kind: RecordKind; rows: number; from: number; to: number }>(
        `SELECT * FROM (${ends.join(' UNION ALL ')}) WHERE rows > 0 ORDER BY kind`,
      ),
      this.usage(),
    ]);
    const bytesOf = (kind: RecordKind) =>
      usage.reduce((sum, day) => sum + (day.kind === kind ? day.bytes : 0), 0);
    return tables.map((table) => ({ ...table, bytes: bytesOf(table.kind) }));
  }

  fields(): LakeFieldInfo[] {
    return catalogueFields().map(({ name, aliases, type, kinds, doc }) => ({
      name,
      aliases: [...aliases],
      type,
      kinds: [...kinds],
      doc,
    }));
  }

  async usage(): Promise<Usage[]> {
    await this.#backing.ready();
    const rows = await this.#client.json<{ table: string; partition: string; rows: number; bytes: number }>(
      `SELECT table, partition, sum(rows) AS rows, sum(bytes_on_disk) AS bytes FROM system.parts WHERE active AND database = currentDatabase() AND startsWith(table, 'ev_') GROUP BY table, partition ORDER BY partition, table`,
    );
    return rows.map(({ table, partition, rows: count, bytes }) => ({
      kind: table.slice('ev_'.length) as RecordKind,
      storedDay: Date.parse(partition) / MS_PER_DAY,
      rows: count,
      bytes,
    }));
  }

  async dropStoredBefore(kind: RecordKind, storedDay: number): Promise<void> {
    const days = new Set((await this.usage()).filter((u) => u.kind === kind).map((u) => u.storedDay));
    for (const day of days) {
      if (day >= storedDay) continue;
      const partition = new Date(day * MS_PER_DAY).toISOString().slice(0, 10);
      await this.#client.command(`ALTER TABLE ${tableOf(kind)} DROP PARTITION '${partition}'`);
    }
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#client.close();
    await this.#backing.close();
  }

  async #hits(asked: Plan, offset: number, size: number): Promise<Hit[]> {
    if (asked.sources.length === 0 || size === 0) return [];
    const sql = `${hitsSql(asked, offset, size)} ${this.#limits} FORMAT RowBinary`;
    return readHits(await this.#run(() => this.#client.bytes(sql, asked.bind.params)));
  }

  /** Undefined where counting runs into a limit. */
  async #count(asked: Plan): Promise<number | undefined> {
    if (asked.sources.length === 0) return 0;
    try {
      const [row] = await this.#rows<{ n: number }>(asked, countSql(asked));
      return row!.n;
    } catch (error) {
      if (error instanceof ThymusError && error.code === 'QUERY_LIMIT') return undefined;
      throw error;
    }
  }

  async #rows<T>(asked: Plan, sql: string | undefined): Promise<T[]> {
    if (sql === undefined) return [];
    return this.#run(() =>
      this.#client.json<T>(`SELECT * FROM (\n${sql}\n) ${this.#limits}`, asked.bind.params),
    );
  }

  #run<T>(work: () => Promise<T>): Promise<T> {
    return this.#gate.run(() => this.#patiently(QUERY_PATIENCE, work));
  }

  /** Tries again while the lake is away: its process may just be starting anew. */
  async #patiently<T>(patience: number, work: () => Promise<T>): Promise<T> {
    const end = performance.now() + patience;
    for (;;) {
      try {
        await this.#backing.ready();
        return await work();
      } catch (error) {
        const isDown = error instanceof ThymusError && error.code === 'LAKE_DOWN';
        if (!isDown || this.#isClosed || performance.now() > end) throw error;
        await new Promise((done) => setTimeout(done, 100));
      }
    }
  }
}

function termCount(size: number): number {
  if (Number.isInteger(size) && size > 0 && size <= MAX_TERMS) return size;
  throw new ThymusError('BAD_INPUT', `size must be a whole number from 1 to ${MAX_TERMS}.`);
}
