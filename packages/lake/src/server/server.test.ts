import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { lstat, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { type ErrorCode, ThymusError } from '@thymus/core';
import { ClickHouseLake } from '../clickhouse-lake.ts';
import { LakeClient } from '../client.ts';
import { connectLake, openLake } from '../open.ts';
import { DEFAULT_LIMITS, limitsSql } from '../query/plan.ts';
import { migrate } from '../schema/migrate.ts';
import { connections, rowsOf } from '../test-rows.ts';
import { LakeProcess } from './supervisor.ts';

const refusal =
  (code: ErrorCode, message = /./) =>
  (error: unknown) =>
    error instanceof ThymusError && error.code === code && message.test(error.message);

async function inFolder(run: (dir: string) => Promise<void>): Promise<void> {
  const dir = await mkdtemp(join(tmpdir(), 'thymus-lake-'));
  try {
    await run(dir);
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

test('a lake killed during inserts has every acknowledged row, and none twice', async () => {
  await inFolder(async (dir) => {
    const child = await LakeProcess.start(dir);
    const client = new LakeClient({ socketPath: child.socketPath });
    const lake = new ClickHouseLake(client, child);
    await migrate(client);
    const inFlight = new Set<Promise<void>>();
    for (let i = 0; i < 30; i++) {
      const stored = lake.insert('conn', rowsOf('conn', connections(i * 2000, (i + 1) * 2000)), `conn:${i}`);
      inFlight.add(stored);
      stored.finally(() => inFlight.delete(stored));
      if (inFlight.size > 2) await Promise.race(inFlight);
      if (i % 8 === 4) setTimeout(() => child.kill(), i);
    }
    await Promise.all(inFlight);
    const [counts] = await client.json<{ n: number; distinct: number }>(
      'SELECT count() AS n, uniqExact(uid) AS distinct FROM ev_conn',
    );
    assert.deepEqual(counts, { n: 60_000, distinct: 60_000 });
    await lake.close();
  });
});

describe('one lake', () => {
  let dir: string;
  let child: LakeProcess;
  let client: LakeClient;
  let lake: ClickHouseLake;

  before(async () => {
    dir = await mkdtemp(join(tmpdir(), 'thymus-lake-'));
    child = await LakeProcess.start(dir);
    client = new LakeClient({ socketPath: child.socketPath });
    lake = new ClickHouseLake(client, child);
    await migrate(client);
  });

  after(async () => {
    await lake.close();
    await rm(dir, { recursive: true, force: true });
  });

  test('a query under the limits of a search can only read tables', async () => {
    const limits = limitsSql(DEFAULT_LIMITS);
    await client.command('CREATE TABLE t (x Int32) ENGINE = MergeTree ORDER BY x');
    for (const source of [
      "file('/etc/passwd', 'LineAsString')",
      "url('http://127.0.0.1:9/', 'LineAsString')",
    ]) {
      await assert.rejects(client.bytes(`SELECT count() FROM ${source} ${limits}`), /readonly/);
    }
    await assert.rejects(client.bytes(`INSERT INTO t ${limits} SELECT 1`), /readonly/);
    assert.deepEqual(await client.json(`SELECT count() AS n FROM t ${limits}`), [{ n: 0 }]);
  });

  test('parameters arrive as they were, whatever is in them', async () => {
    const value = 'a\tb\\n\n\'"\r\b\f{x:String} ünï 😀';
    assert.deepEqual(await client.json('SELECT {v:String} AS v, {n:Int64} AS n', { v: value, n: -5 }), [
      { v: value, n: -5 },
    ]);
    await assert.rejects(client.bytes('SELECT nonsense FROM'), refusal('INTERNAL', /Syntax/i));
    await assert.rejects(
      client.insert('INSERT INTO t FORMAT RowBinary', new Uint8Array(1)),
      refusal('INTERNAL'),
    );
  });

  test('blocks of a writer that knew fewer columns are stored', async () => {
    // Two columns of the declaration, ts and uid, then the enrichment.
    const row = new Uint8Array(8 + 2 + 4 + 4 + 1 + 4 + 2);
    row.set([1, 88], 8);
    await lake.insert('weird', row, 'old:1', 2);
    const { hits } = await lake.search({ query: '@type:weird' });
    assert.deepEqual(
      hits.map(({ ts, uid }) => [ts, uid]),
      [[0, 'X']],
    );
  });
});

test('columns that are new are added, columns of a newer version are refused', async () => {
  await inFolder(async (dir) => {
    const child = await LakeProcess.start(dir);
    const client = new LakeClient({ socketPath: child.socketPath });
    await migrate(client);
    await client.command('ALTER TABLE ev_weird DROP COLUMN peer');
    await migrate(client);
    const columns = await client.json<{ name: string }>(
      "SELECT name FROM system.columns WHERE table = 'ev_weird' ORDER BY position",
    );
    const names = columns.map(({ name }) => name);
    assert.equal(names[names.indexOf('peer') - 1], 'notice');
    await client.command('ALTER TABLE ev_weird ADD COLUMN from_the_future String');
    await client.close();
    await child.close();
    await assert.rejects(openLake({ dir }), refusal('NEWER_DATA', /ev_weird\.from_the_future/));
  });
});

test('a data folder with a very long path has its socket elsewhere and a link to it', async () => {
  await inFolder(async (base) => {
    const dir = join(base, 'a'.repeat(60), 'b'.repeat(60));
    await mkdir(dir, { recursive: true });
    const lake = await openLake({ dir });
    const second = await connectLake({ socketPath: join(dir, 'lake.sock') });
    assert.ok((await lstat(join(dir, 'lake.sock'))).isSymbolicLink());
    assert.deepEqual(await second.extent(), []);
    await second.close();
    await lake.close();
    await assert.rejects(lstat(join(dir, 'lake.sock')));
  });
});

test('a folder that cannot be opened is an error, not a crash', async () => {
  await inFolder(async (dir) => {
    await assert.rejects(openLake({ dir: join(dir, 'no\0folder') }));
    await assert.rejects(openLake({ dir: '/proc/nowhere' }), refusal('LAKE_DOWN'));
  });
});

test('a child whose parent dies while the engine opens does not stay behind', async () => {
  await inFolder(async (dir) => {
    const options = { folder: join(dir, 'lake'), socket: join(dir, 'lake.sock'), memoryBytes: 1e9 };
    const script = join(import.meta.dirname, 'lake-child.ts');
    // A parent of its own, which dies as soon as the child has written the engine's settings and opens the engine.
    const parent = `const { existsSync } = require('node:fs');
      require('node:child_process').fork(${JSON.stringify(script)}, [${JSON.stringify(JSON.stringify(options))}],
        { stdio: ['ignore', 'ignore', 'ignore', 'ipc'] });
      setInterval(() => existsSync(${JSON.stringify(join(options.folder, 'thymus-engine.xml'))})
        && process.kill(process.pid, 'SIGKILL'), 1);`;
    const shell = spawn(process.execPath, ['-e', parent], { stdio: ['ignore', 'ignore', 'ignore'] });
    await once(shell, 'exit');
    const deadline = performance.now() + 20_000;
    const isAlive = () =>
      readdirSync('/proc').some((pid) => /^\d+$/.test(pid) && commandOf(pid).includes(options.socket));
    while (isAlive()) {
      assert.ok(performance.now() < deadline, 'it is still there');
      await sleep(100);
    }
  });
});

function commandOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return '';
  }
}
