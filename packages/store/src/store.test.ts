import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, test } from 'node:test';
import { BatchBuilder, BlockBuilder } from '@thymus/core/node';
import type { Breach, Device, Model } from '@thymus/detect';
import {
  DurableLog,
  hashPassword,
  modelUuid,
  openDataFolder,
  ownerOf,
  randomToken,
  SecretBox,
  State,
  verifyPassword,
} from './index.ts';

const root = mkdtempSync(join(tmpdir(), 'thymus-store-'));
after(() => rmSync(root, { recursive: true }));
let count = 0;
const fresh = (name: string) => join(root, `${++count}-${name}`);
const NOON = Date.UTC(2026, 0, 5, 12);

const model: Model = {
  name: 'Device::Example',
  description: 'An example.',
  priority: 3,
  category: 'Suspicious',
  behaviour: 'decreasing',
  mitre: { tactics: [], techniques: [] },
  tags: [],
  components: [{ metric: 'connections', threshold: 1, interval: 60, filters: [] }],
  interval: 60,
  throttle: 3600,
  action: 'Look.',
};

const breach = (key: string, time = NOON, score = 0.5): Breach => ({
  key,
  model,
  did: 1,
  time,
  score,
  pbscore: score,
  parts: {
    priority: 3,
    base: 0.674,
    probability: 0.01,
    behaviour: 'decreasing',
    deviceRepeats: 0,
    networkRepeats: 0,
    learningFactor: 1,
  },
  components: [],
  suppressed: false,
  learning: false,
  delayed: false,
});

const device: Device = {
  did: 1,
  ips: [{ ip: '10.0.0.5', lastSeen: NOON, sid: 1 }],
  hostname: 'ws-5',
  mac: '02:00:00:00:00:05',
  typename: 'desktop',
  typeReasons: [],
  sid: 1,
  firstSeen: NOON,
  lastSeen: NOON,
  credentials: [],
  hoursLearned: 0,
  stage: 'learning',
  score: 0,
};

async function openState(t: { after(f: () => unknown): void }) {
  const path = fresh('state.sqlite');
  const state = await State.open(path, `${path}.key`);
  t.after(() => state.close());
  await state.models.register([model], NOON);
  return state;
}

function blocks(n: number, source = 'import') {
  const builder = new BlockBuilder('weird');
  return Array.from({ length: n }, (_, i) => {
    builder.add({ kind: 'weird', ts: NOON + i, name: `w${i}`, notice: false });
    return builder.seal(source, 0, i + 1)!;
  });
}

test('the log keeps each block of a source once, also when a source starts over', (t) => {
  const path = fresh('bus.sqlite');
  const log = new DurableLog(path);
  assert.equal(log.append(blocks(3), NOON), 3);
  assert.equal(log.append(blocks(5), NOON), 2);
  log.close();
  const again = new DurableLog(path);
  t.after(() => again.close());
  const sequences = [];
  for (let offset = 1; again.readBatch(offset).length > 0; offset++) {
    sequences.push(again.readBatch(offset)[0]!.block.header.sequence);
  }
  assert.deepEqual(sequences, [1, 2, 3, 4, 5]);
  assert.equal(again.lastSequence('import', 0), 5);
  assert.equal(again.next, 6);
});

test('a batch is read whole or not at all', (t) => {
  const log = new DurableLog(fresh('bus.sqlite'));
  t.after(() => log.close());
  const batch = new BatchBuilder('sensor', 7);
  batch.add({ kind: 'weird', ts: NOON, name: 'a', notice: false });
  batch.add({ kind: 'notice', ts: NOON, note: 'b' });
  const [first, second] = batch.seal();
  log.append([first!], NOON);
  assert.deepEqual(log.readBatch(1), []);
  log.append([second!], NOON);
  assert.deepEqual(
    log.readBatch(1).map(({ offset, arrived }) => [offset, arrived]),
    [
      [1, NOON],
      [2, NOON],
    ],
  );
  assert.equal(log.pending(1), 2);
});

test('trimming the log forgets blocks but neither positions nor offsets', (t) => {
  const log = new DurableLog(fresh('bus.sqlite'));
  t.after(() => log.close());
  log.append(blocks(4), NOON);
  log.trim(5);
  assert.deepEqual(log.readBatch(1), []);
  assert.equal(log.append(blocks(4), NOON), 0);
  assert.equal(log.next, 5);
});

test('a log of a newer version is refused with the reason', () => {
  const path = fresh('bus.sqlite');
  const db = new DatabaseSync(path);
  db.exec('PRAGMA user_version=99');
  db.close();
  assert.throws(() => new DurableLog(path), { code: 'NEWER_DATA' });
});

test('a file that is no log is refused, not overwritten', () => {
  const path = fresh('bus.sqlite');
  writeFileSync(path, 'this is a letter, not a database, and it is long enough to be read as one');
  assert.throws(() => new DurableLog(path), { code: 'BAD_FILE' });
  assert.match(readFileSync(path, 'utf8'), /letter/);
});

test('a state store of a newer version is refused with the reason', async () => {
  const path = fresh('state.sqlite');
  const db = new DatabaseSync(path);
  db.exec('PRAGMA user_version=99');
  db.close();
  await assert.rejects(State.open(path, `${path}.key`), { code: 'NEWER_DATA' });
});

test('a breach found again after a crash is stored once and keeps its pbid', async (t) => {
  const state = await openState(t);
  const checkpoint = { position: 3, devices: [device], subnets: [], breaches: [breach('a'), breach('b')] };
  assert.deepEqual(await state.commitDetection(checkpoint, NOON), [1, 2]);
  assert.deepEqual(
    await state.commitDetection({ ...checkpoint, breaches: [breach('b'), breach('c')] }, NOON),
    [3],
  );
  assert.deepEqual(
    (await state.breaches.list()).map((b) => [b.pbid, b.key]),
    [
      [1, 'a'],
      [2, 'b'],
      [3, 'c'],
    ],
  );
  assert.equal((await state.checkpoint('detection'))?.position, 3);
});

test('breaches are found by window, score, device, model and state', async (t) => {
  const state = await openState(t);
  const breaches = [breach('a', NOON, 0.2), breach('b', NOON + 1000, 0.9)];
  await state.commitDetection({ position: 1, devices: [], subnets: [], breaches }, NOON);
  const keys = async (filter: Parameters<typeof state.breaches.list>[0]) =>
    (await state.breaches.list(filter)).map((b) => b.key);
  assert.deepEqual(await keys({ from: NOON, to: NOON }), ['a']);
  assert.deepEqual(await keys({ minScore: 0.5 }), ['b']);
  assert.deepEqual(await keys({ uuid: [modelUuid(model.name)], did: [1] }), ['a', 'b']);
  assert.deepEqual(await keys({ pid: [99] }), []);
  await state.breaches.acknowledge(1, { time: NOON, username: 'ana' });
  assert.deepEqual(await keys({}), ['b']);
  assert.deepEqual(await keys({ includeAcknowledged: true }), ['a', 'b']);
  assert.equal(await state.breaches.acknowledge(77, undefined), false);
});

test('comments are counted on their breach and refused for breaches that do not exist', async (t) => {
  const state = await openState(t);
  await state.commitDetection({ position: 1, devices: [], subnets: [], breaches: [breach('a')] }, NOON);
  const added = await state.breaches.comment({ pbid: 1, time: NOON, username: 'ana', message: 'Seen.' });
  assert.equal(added?.message, 'Seen.');
  assert.equal((await state.breaches.get(1))?.commentCount, 1);
  assert.equal(
    await state.breaches.comment({ pbid: 9, time: NOON, username: 'ana', message: '?' }),
    undefined,
  );
});

test('a changed model gets a new version and history id, an unchanged one does not', async (t) => {
  const state = await openState(t);
  await state.models.register([model], NOON + 1);
  await state.models.register([{ ...model, priority: 4 }], NOON + 2);
  const [stored] = await state.models.list();
  assert.deepEqual([stored?.pid, stored?.version, stored?.phid, stored?.modified], [1, 2, 2, NOON + 2]);
  assert.equal(stored?.cids.length, 1);
});

test('what people decide about a device survives what the detector writes', async (t) => {
  const state = await openState(t);
  const checkpoint = { position: 1, devices: [device], subnets: [], breaches: [] };
  await state.commitDetection(checkpoint, NOON);
  await state.devices.edit(1, { label: 'Reception', priority: 2, chosenType: 'server' });
  await state.commitDetection({ ...checkpoint, devices: [{ ...device, hostname: 'ws-6' }] }, NOON);
  const [found] = await state.devices.list({ text: 'recep' });
  assert.deepEqual([found?.hostname, found?.label, found?.typename], ['ws-6', 'Reception', 'server']);
  assert.deepEqual(await state.devices.list({ text: '%' }), []);
});

test('a device that turned out to be another is found by its number only', async (t) => {
  const state = await openState(t);
  const devices = [device, { ...device, did: 2, vendor: '"replacedBy":1' }];
  await state.commitDetection({ position: 1, devices, subnets: [], breaches: [] }, NOON);
  assert.equal(await state.devices.count(), 2);
  const replaced = { ...device, ips: [], replacedBy: 2 };
  await state.commitDetection({ position: 2, devices: [replaced], subnets: [], breaches: [] }, NOON);
  assert.equal(await state.devices.count(), 1);
  assert.deepEqual(
    (await state.devices.list()).map(({ did }) => did),
    [2],
  );
  assert.equal((await state.devices.get(1))?.replacedBy, 2);
  assert.equal((await state.devices.list({ did: [1] })).length, 1);
});

test('a password fits itself only, and its hash shows neither it nor the same text twice', async () => {
  const stored = await hashPassword('correct horse');
  assert.ok(await verifyPassword('correct horse', stored));
  assert.ok(!(await verifyPassword('battery staple', stored)));
  assert.notEqual(await hashPassword('correct horse'), stored);
});

test('a session ends when it is too old, unused too long or closed', async (t) => {
  const { users } = await openState(t);
  const user = await users.add({
    username: 'ana',
    password: 'x',
    permissions: ['admin'],
    mustChange: false,
    now: NOON,
  });
  assert.equal(
    await users.add({ username: 'ana', password: 'y', permissions: [], mustChange: false, now: NOON }),
    undefined,
  );
  const { secret } = await users.openSession(user!, NOON, '127.0.0.1', 'test');
  assert.equal((await users.session(secret, NOON + 1, NOON - 1, NOON - 1))?.user.username, 'ana');
  assert.equal(await users.session(secret, NOON + 1, NOON, NOON - 1), undefined);
  assert.equal(await users.session(secret, NOON + 1, NOON - 1, NOON), undefined);
  assert.equal(await users.session('guess', NOON, 0, 0), undefined);
  await users.closeSession(secret);
  assert.equal(await users.session(secret, NOON + 1, 0, 0), undefined);
});

test('a private token is found again by its public one and lies sealed on the disk', async (t) => {
  const path = fresh('state.sqlite');
  const state = await State.open(path, `${path}.key`);
  const pair = await state.tokens.create('hub', undefined, NOON);
  assert.match(pair.public, /^[a-z0-9]{40}$/);
  assert.equal((await state.tokens.find(pair.public))?.private, pair.private);
  await state.close();
  for (const suffix of ['', '-wal']) {
    try {
      assert.ok(!readFileSync(path + suffix, 'latin1').includes(pair.private));
    } catch (error) {
      assert.equal((error as NodeJS.ErrnoException).code, 'ENOENT');
    }
  }
  assert.equal(statSync(`${path}.key`).mode & 0o777, 0o600);
  const other = await State.open(path, `${fresh('other')}.key`);
  t.after(() => other.close());
  await assert.rejects(other.tokens.find(pair.public), { code: 'BAD_FILE' });
});

test('a box opens what it sealed and refuses what was touched', () => {
  const box = new SecretBox(fresh('key'));
  const sealed = box.seal('secret');
  assert.equal(box.open(sealed), 'secret');
  sealed[30]! ^= 1;
  assert.throws(() => box.open(sealed), { code: 'BAD_FILE' });
  const short = fresh('key');
  writeFileSync(short, 'short');
  assert.throws(() => new SecretBox(short), { code: 'BAD_FILE' });
});

test('tokens use letters and digits and do not repeat', () => {
  const tokens = new Set(Array.from({ length: 100 }, () => randomToken(40)));
  assert.equal(tokens.size, 100);
});

test('a data folder has one owner and is free again after release', () => {
  const path = fresh('data');
  const folder = openDataFolder(path);
  assert.equal(folder.isNew, true);
  assert.equal(ownerOf(path), process.pid);
  assert.throws(() => openDataFolder(path), { code: 'DATA_IN_USE' });
  folder.release();
  assert.equal(ownerOf(path), undefined);
  const again = openDataFolder(path);
  assert.equal(again.isNew, false);
  again.release();
});

test('a lock that a dead process left does not matter', () => {
  const path = fresh('data');
  openDataFolder(path).release();
  writeFileSync(join(path, 'owner.pid'), '4194304 12');
  openDataFolder(path).release();
});

test('a data folder of a newer version is refused, one that is a file too', () => {
  const path = fresh('data');
  openDataFolder(path).release();
  writeFileSync(join(path, 'thymus.json'), '{"product":"thymus","version":99}');
  assert.throws(() => openDataFolder(path), { code: 'NEWER_DATA' });
  writeFileSync(join(path, 'thymus.json'), 'nothing');
  assert.throws(() => openDataFolder(path), { code: 'BAD_FILE' });
  const file = fresh('file');
  writeFileSync(file, '');
  assert.throws(() => openDataFolder(file), { code: 'BAD_FILE' });
});

test('jobs, settings and the audit trail are kept', async (t) => {
  const state = await openState(t);
  const id = await state.addJob('ingest', { paths: ['a'] }, NOON);
  await state.updateJob(id, { state: 'done', finished: NOON, result: { rows: 3 } });
  assert.deepEqual((await state.jobs())[0]?.result, { rows: 3 });
  await state.setSetting('a', '1');
  await state.setSetting('a', '2');
  assert.equal(await state.setting('a'), '2');
  await state.audit({ time: NOON, username: 'ana', action: 'user.login', target: 'ana', detail: '' });
  assert.equal((await state.auditTrail())[0]?.action, 'user.login');
});

test('a breach keeps the version of its model after the model has changed', async (t) => {
  const state = await openState(t);
  const checkpoint = { position: 1, devices: [], subnets: [] };
  await state.commitDetection({ ...checkpoint, breaches: [breach('before')] }, NOON);
  await state.models.register([{ ...model, priority: 4 }], NOON + 5);
  await state.commitDetection({ ...checkpoint, breaches: [breach('after', NOON + 9)] }, NOON + 9);
  const phids = (await state.breaches.list()).map(({ phid }) => phid);
  assert.equal(new Set(phids).size, 2);
  const versions = await state.models.versions();
  assert.deepEqual(
    phids.map((phid) => [versions.get(phid)?.version, versions.get(phid)?.modified]),
    [
      [1, NOON],
      [2, NOON + 5],
    ],
  );
});

test('looking at a session without using it does not keep it alive', async (t) => {
  const state = await openState(t);
  const user = await state.users.add({
    username: 'ann',
    password: 'x',
    permissions: [],
    mustChange: false,
    now: NOON,
  });
  const { secret } = await state.users.openSession(user!, NOON, '127.0.0.1', 'test');
  const later = NOON + 120_000;
  await state.users.session(secret, later, 0, 0, false);
  assert.equal((await state.users.session(secret, later, 0, 0))?.lastSeen, NOON);
  assert.equal((await state.users.session(secret, later, 0, 0))?.lastSeen, later);
});
