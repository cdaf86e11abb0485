import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { type Conn, connectionUid, type LogRecord, NetworkScope, type RecordKind } from '@thymus/core';
import { MODELS } from '@thymus/detect';
import { demoEstate } from '@thymus/simulate';
import { DurableLog, State } from '@thymus/store';
import { DetectorSet } from './detectors.ts';
import { importFiles, importSource } from './intake.ts';
import { type Learned, Learner } from './learn.ts';
import { recordsToBus } from './simulate.ts';

const root = mkdtempSync(join(tmpdir(), 'thymus-stages-'));
after(() => rmSync(root, { recursive: true }));
let count = 0;
const fresh = (name: string) => join(root, `${++count}-${name}`);
const NOON = Date.UTC(2026, 0, 5, 12);
const now = () => NOON;

const options = {
  scope: new NetworkScope(),
  reference: {
    country: () => 'DE',
    asn: () => ({ asn: 64_500, name: 'Example' }),
    vendor: () => '',
    domain: (host: string) => host.split('.').slice(-2).join('.'),
  },
  models: MODELS,
};

/** A lake that remembers tokens and, like the real one, takes each once. */
function tokenLake() {
  const inserts = new Map<string, number>();
  return {
    inserts,
    failAfter: Number.POSITIVE_INFINITY,
    async insert(_: RecordKind, rows: Uint8Array, token: string) {
      if (inserts.size >= this.failAfter) throw new Error('killed');
      if (!inserts.has(token)) inserts.set(token, rows.length);
      else assert.equal(inserts.get(token), rows.length, `${token} came back with other rows`);
    },
  };
}

function conn(ts: number, source_ip = '10.0.0.5'): Conn {
  return {
    kind: 'conn',
    ts,
    uid: connectionUid(ts, 1),
    source_ip,
    source_port: 50_000,
    dest_ip: '192.0.2.9',
    dest_port: 443,
    proto: 'tcp',
    conn_state: 'SF',
    missed_bytes: 0,
    duration: 10,
  };
}

async function parts(bus: DurableLog) {
  const path = fresh('state.sqlite');
  const state = await State.open(path, `${path}.key`);
  await state.models.register(MODELS, NOON);
  return { bus, state, lake: tokenLake(), options, now };
}

function office(bus: DurableLog): number {
  const { records } = demoEstate({ seed: 3, devices: 12, days: 7, end: NOON });
  return recordsToBus(records, bus, { source: 'demo', now, onAppended: () => {} });
}

const conclusions = async (state: State) => ({
  breaches: (await state.breaches.list({ includeSuppressed: true })).map(({ key, score, pbid }) => [
    pbid,
    key,
    score,
  ]),
  devices: (await state.devices.list()).map(({ did, hostname, ips }) => [did, hostname, ips[0]?.ip]).sort(),
});

test('a learner that dies at any batch ends with what one that lives concludes', async (t) => {
  const bus = new DurableLog(fresh('bus.sqlite'));
  t.after(() => bus.close());
  assert.ok(office(bus) > 20_000);
  const whole = await parts(bus);
  await (await Learner.open(whole)).drain();
  const expected = await conclusions(whole.state);
  assert.ok(expected.breaches.length > 0);
  for (const failAfter of [1, 3, 9]) {
    const broken = await parts(bus);
    broken.lake.failAfter = failAfter;
    await assert.rejects((await Learner.open(broken)).drain());
    broken.lake.failAfter = Number.POSITIVE_INFINITY;
    await (await Learner.open(broken)).drain();
    assert.deepEqual(await conclusions(broken.state), expected);
    assert.deepEqual([...broken.lake.inserts].sort(), [...whole.lake.inserts].sort());
    await broken.state.close();
  }
  await whole.state.close();
});

test('a learner goes on from its snapshot, and the bus forgets what is behind it', async (t) => {
  const bus = new DurableLog(fresh('bus.sqlite'));
  const p = await parts(bus);
  t.after(async () => {
    bus.close();
    await p.state.close();
  });
  recordsToBus([conn(NOON), conn(NOON + 1000, '10.0.0.6')], bus, { source: 'a', now, onAppended: () => {} });
  const first = await Learner.open(p);
  const learned: Learned[] = [];
  await first.drain((batch) => learned.push(batch));
  assert.deepEqual(
    learned.map(({ rows, oldest, newest }) => [rows, oldest, newest]),
    [[2, NOON, NOON + 1010]],
  );
  await first.snapshot();
  assert.deepEqual(bus.readBatch(1), []);
  recordsToBus([conn(NOON + 2000, '10.0.0.7')], bus, { source: 'b', now, onAppended: () => {} });
  const second = await Learner.open(p);
  await second.drain();
  assert.equal(second.position, 2);
  const dids = (await p.state.devices.list()).map(({ did, ips }) => [did, ips[0]?.ip]).sort();
  assert.deepEqual(dids, [
    [1, '10.0.0.5'],
    [2, '10.0.0.6'],
    [3, '10.0.0.7'],
  ]);
});

test('history is searched only, a case learns apart with ids of its own, lateness is forgiven', () => {
  const set = new DetectorSet(options);
  const main = set.for('live-eth0', NOON)!;
  main.observe(conn(NOON), 'live-eth0');
  set.advance('live-eth0', NOON);
  assert.equal(set.for('import-1/packets', NOON - 3_600_000), undefined);
  assert.equal(set.for('import-1/logs', NOON + 1), undefined, 'the choice holds for the whole import');
  assert.equal(set.for('import-2/logs', NOON - 60_000), main);
  const apart = set.for('case:lab:import-1/packets', 0)!;
  assert.notEqual(apart, main);
  assert.ok(apart.observe(conn(1000), 'x').source_did > 10_000_000);
  const again = new DetectorSet(options, set.pack());
  assert.equal(again.for('import-1/packets', NOON), undefined);
  assert.equal(again.for('case:lab:import-9/logs', 0)!.observe(conn(2000), 'x').source_did, 10_000_001);
  assert.equal(again.for('live-eth0', NOON)!.observe(conn(NOON + 1), 'live-eth0').source_did, 1);
});

const zeekLine = (r: LogRecord & Conn) =>
  JSON.stringify({
    _path: 'conn',
    ts: r.ts / 1000,
    uid: r.uid,
    'id.orig_h': r.source_ip,
    'id.orig_p': 1,
    'id.resp_h': r.dest_ip,
    'id.resp_p': 2,
    proto: 'tcp',
    conn_state: 'SF',
    missed_bytes: 0,
  });

test('an import reads what it can, tells what it cannot, and is known again', async (t) => {
  const folder = mkdtempSync(join(root, 'files-'));
  const log = join(folder, 'conn.log');
  writeFileSync(log, `${zeekLine(conn(NOON))}\n${zeekLine(conn(NOON + 1))}\n`);
  writeFileSync(join(folder, 'empty.pcap'), '');
  writeFileSync(join(folder, 'letter.txt'), 'Dear reader, this is no capture at all.');
  const bus = new DurableLog(fresh('bus.sqlite'));
  t.after(() => bus.close());
  const engine = { checksums: 'ignore' } as const;
  let appended = 0;
  const first = await importFiles([folder], bus, { engine, now, onAppended: () => appended++ });
  assert.deepEqual([first.files, first.records, first.added, appended], [1, 2, 2, 1]);
  assert.deepEqual(first.faults.map(({ path }) => path.split('/').at(-1)).sort(), [
    'empty.pcap',
    'letter.txt',
  ]);
  const second = await importFiles([folder], bus, { engine, now });
  assert.deepEqual([second.records, second.added], [2, 0]);
  assert.notEqual(importSource([log]), importSource([log], 'lab'));
  assert.match(importSource([log], 'lab'), /^case:lab:import-[0-9a-f]{16}$/);
});

test('an import that is cancelled says so and keeps what it has', async (t) => {
  const log = fresh('conn.log');
  writeFileSync(log, `${zeekLine(conn(NOON))}\n`);
  const bus = new DurableLog(fresh('bus.sqlite'));
  t.after(() => bus.close());
  const signal = AbortSignal.abort();
  const summary = await importFiles([log], bus, { engine: { checksums: 'ignore' }, now, signal });
  assert.equal(summary.isCancelled, true);
});
