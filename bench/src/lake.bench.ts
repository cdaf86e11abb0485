/**
 * How fast the lake takes records in, and how fast it answers over 20 million connections of one day. The day is made
 * once and kept in `.cache`; searches are the minimum of several runs, as an analyst's second look at the same day.
 */
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { type Conn, connectionUid, mix32, RowWriter, ThymusError } from '@thymus/core';
import { type Lake, openLake } from '@thymus/lake';
import { ConnMaker, writeRow } from './conn-rows.ts';
import { type BenchRow, benchRow } from './row.ts';

const CACHE = join(import.meta.dirname, '../.cache/lake-day');
const COMPLETE = join(CACHE, 'complete');
const DAY = Date.UTC(2026, 2, 2);
const MS_PER_DAY = 86_400_000;
const STORED = DAY / MS_PER_DAY;
const DAY_ROWS = 20_000_000;
/** As many as the appliance stores at once when it is busy. */
const BLOCK_ROWS = 100_000;
/** Different records; what is longer repeats them, the day at other times and with other ids. */
const POOL_ROWS = 500_000;
const RUNS = 5;

const INGEST_ROWS = 2_000_000;
const PEER_ROWS = 100_000;

export async function rows(): Promise<BenchRow[]> {
  return [await ingest(), ...(await searches())];
}

/** Encodes and stores connections; while the lake stores two blocks the next is encoded. */
async function store(lake: Lake, next: () => Conn, count: number): Promise<void> {
  const free = Array.from({ length: 3 }, () => new RowWriter(24_000_000));
  const storing: Promise<RowWriter>[] = [];
  for (let done = 0, block = 0; done < count; block++) {
    const writer = free.pop() ?? (await storing.shift()!);
    writer.reset();
    const end = Math.min(count, done + BLOCK_ROWS);
    for (; done < end; done++) writeRow(writer, next(), STORED);
    storing.push(lake.insert('conn', writer.written, `bench:${block}`).then(() => writer));
  }
  await Promise.all(storing);
}

async function ingest(): Promise<BenchRow> {
  const maker = new ConnMaker(1, DAY, MS_PER_DAY / POOL_ROWS / 2);
  const records = Array.from({ length: POOL_ROWS }, () => maker.next());
  const folder = mkdtempSync(join(tmpdir(), 'thymus-bench-'));
  const lake = await openLake({ dir: folder });
  try {
    let i = 0;
    const started = performance.now();
    await store(lake, () => records[i++ % POOL_ROWS]!, INGEST_ROWS);
    const { total } = await lake.count({ query: '@type:conn AND _exists_:uid' });
    const seconds = (performance.now() - started) / 1000;
    if (total !== INGEST_ROWS) throw new Error(`${total} of ${INGEST_ROWS} rows can be found`);
    const peer = { name: `node:sqlite ${process.versions['sqlite']}`, value: sqliteIngest(records, folder) };
    return benchRow({ name: 'ingest.rows_per_s', ours: INGEST_ROWS / seconds, peer }, '>= 200000');
  } finally {
    await lake.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The same records into an SQLite file with the three indexes that the lake has, in rows per second. */
function sqliteIngest(records: readonly Conn[], folder: string): number {
  const names = Object.keys(records[0]!).filter((name) => name !== 'kind') as (keyof Conn)[];
  const database = new DatabaseSync(join(folder, 'peer.sqlite'));
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL');
  database.exec(`CREATE TABLE conn (${names.join(', ')})`);
  for (const name of ['ts', 'source_ip', 'dest_ip', 'uid'])
    database.exec(`CREATE INDEX by_${name} ON conn (${name})`);
  const insert = database.prepare(`INSERT INTO conn VALUES (${names.map(() => '?').join(', ')})`);
  const plain = (value: Conn[keyof Conn]) =>
    typeof value === 'number' ? value : value === undefined ? null : String(value);
  const started = performance.now();
  database.exec('BEGIN');
  for (const record of records.slice(0, PEER_ROWS)) insert.run(...names.map((name) => plain(record[name])));
  database.exec('COMMIT');
  const seconds = (performance.now() - started) / 1000;
  database.close();
  return PEER_ROWS / seconds;
}

/** A day that was made when records looked different is made anew. */
function ofOtherShape(error: unknown): undefined {
  if (!(error instanceof ThymusError && error.code === 'NEWER_DATA')) throw error;
}

async function openDay(): Promise<Lake> {
  const kept = existsSync(COMPLETE) ? await openLake({ dir: CACHE }).catch(ofOtherShape) : undefined;
  if (kept) return kept;
  rmSync(CACHE, { recursive: true, force: true });
  mkdirSync(CACHE, { recursive: true });
  const lake = await openLake({ dir: CACHE });
  const step = MS_PER_DAY / (DAY_ROWS + 1);
  const maker = new ConnMaker(2, DAY, step);
  const pool = Array.from({ length: POOL_ROWS }, () => maker.next());
  let made = 0;
  const next = () => {
    const conn = pool[made % POOL_ROWS]!;
    conn.ts = DAY + step * made++;
    conn.uid = connectionUid(conn.ts, mix32(made));
    return conn;
  };
  process.stderr.write(`Making a day of ${DAY_ROWS} connections in ${CACHE}, once.\n`);
  await store(lake, next, DAY_ROWS);
  writeFileSync(COMPLETE, '');
  return lake;
}

async function searches(): Promise<BenchRow[]> {
  const lake = await openDay();
  const day = { from: DAY, to: DAY + MS_PER_DAY };
  const cases: [name: string, run: () => Promise<unknown>][] = [
    [
      'search.histogram_s',
      () => lake.histogram({ ...day, query: '@type:conn AND @fields.proto:tcp' }, 300_000),
    ],
    [
      'search.topn_s',
      () => lake.terms({ ...day, query: '@type:conn AND @fields.proto:tcp' }, 'source_ip', 50),
    ],
    ['search.wildcard_s', () => lake.search({ ...day, query: '@type:conn AND NOT @fields.conn_state:ShA*' })],
    ['search.newest_s', () => lake.search({ ...day, query: 'source_ip:10.0.3.* AND @fields.dest_port:445' })],
  ];
  try {
    const found: BenchRow[] = [];
    for (const [name, run] of cases) found.push(benchRow({ name, ours: await fastest(run) }, '<= 0.5'));
    return found;
  } finally {
    await lake.close();
  }
}

/** Seconds of the fastest run after one that warms up. */
async function fastest(run: () => Promise<unknown>): Promise<number> {
  await run();
  let least = Number.POSITIVE_INFINITY;
  for (let i = 0; i < RUNS; i++) {
    const started = performance.now();
    await run();
    least = Math.min(least, performance.now() - started);
  }
  return least / 1000;
}
