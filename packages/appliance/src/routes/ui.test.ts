import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { CSRF_HEADER } from '@thymus/contract';
import { METRICS } from '@thymus/detect';
import { createApp } from '../http/app.ts';
import { ensureFirstUser } from '../http/first-user.ts';
import {
  BEACON,
  type Fixture,
  NOON,
  openFixture,
  PASSWORD,
  type Session,
  WEIGHTED,
} from '../http/site.fixture.ts';

let site: Fixture;
let admin: Session;
before(async () => {
  site = await openFixture();
  await site.addUser('boss', ['admin']);
  admin = await site.login('boss');
});
after(() => site.close());

const HOUR = 3_600_000;

async function ask<T>(path: string, status = 200): Promise<T> {
  const reply = await site.as(admin, 'GET', path);
  assert.equal(reply.status, status, path);
  return (await reply.json()) as T;
}

async function write<T>(method: string, path: string, body: object | undefined, status = 200): Promise<T> {
  const reply = await site.as(admin, method, path, body);
  assert.equal(reply.status, status, path);
  return (await reply.json()) as T;
}

const tryLogin = (username: string, password: string) =>
  site.app.request('/ui/login', { method: 'POST', body: JSON.stringify({ username, password }) });

test('a log-in gives a cookie that no script and no other site can use', async () => {
  const reply = await tryLogin('boss', PASSWORD);
  const cookie = reply.headers.get('set-cookie') ?? '';
  for (const part of ['__Host-thymus=', 'Path=/', 'Secure', 'HttpOnly', 'SameSite=Strict']) {
    assert.ok(cookie.includes(part), part);
  }
  const { user } = (await reply.json()) as { user: { username: string; permissions: string[] } };
  assert.deepEqual([user.username, user.permissions.length], ['boss', 7]);
});

test('a wrong password and an unknown user get the same answer', async () => {
  const answers = await Promise.all(
    (['boss', 'nobody'] as const).map(async (name) => {
      const reply = await tryLogin(name, 'not the password');
      return [reply.status, await reply.text()];
    }),
  );
  assert.deepEqual(answers[0], answers[1]);
  assert.equal(answers[0]?.[0], 401);
  assert.equal((await tryLogin('', 'x')).status, 400);
});

test('after five failures account and address wait, twice as long each time, unknown names too', async () => {
  await site.addUser('victim', ['view']);
  for (const name of ['victim', 'stranger']) {
    site.clock.now += 24 * HOUR;
    const from = (address: string) =>
      site.app.request(
        '/ui/login',
        { method: 'POST', body: JSON.stringify({ username: name, password: 'wrong' }) },
        { incoming: { socket: { remoteAddress: address } } as never },
      );
    for (let i = 0; i < 5; i++) assert.equal((await from(`a${i}`)).status, 401);
    const locked = await from('b');
    assert.deepEqual([locked.status, locked.headers.get('retry-after')], [429, '5'], name);
    site.clock.now += 5000;
    assert.equal((await from('b')).status, 401);
    assert.equal((await from('b')).headers.get('retry-after'), '10');
  }
  site.clock.now += 24 * HOUR;
  const guess = (name: string) =>
    site.app.request(
      '/ui/login',
      { method: 'POST', body: JSON.stringify({ username: name, password: 'wrong' }) },
      { incoming: { socket: { remoteAddress: 'one address' } } as never },
    );
  for (let i = 0; i < 5; i++) assert.equal((await guess(`name${i}`)).status, 401);
  assert.equal((await guess('name9')).status, 429, 'the address waits whatever the name');
  assert.ok((await tryLogin('victim', PASSWORD)).ok, 'a right password after the wait is let in');
  site.clock.now = NOON;
});

test('the session knows the user, the clock and what is learned', async () => {
  const session = await ask<Record<string, unknown>>('/ui/session');
  assert.equal(session['csrf'], admin.csrf);
  assert.deepEqual(
    [session['version'], session['demo'], session['newest'], session['now'], session['learning']],
    ['9.9.9', false, NOON - 30_000, NOON, { days: 2 }],
  );
  assert.deepEqual(session['sources'], [{ name: 'eth1', state: 'warning', newest: NOON - 30_000 }]);
});

test('a log-out ends the session at once', async () => {
  const session = await site.login('boss');
  const reply = await site.as(session, 'POST', '/ui/logout');
  assert.match(reply.headers.get('set-cookie') ?? '', /Max-Age=0/);
  assert.equal((await site.as(session, 'GET', '/ui/session')).status, 401);
});

test('the first user gets a password that is shown once and must be changed', async () => {
  assert.equal(await ensureFirstUser(site.services.state, NOON), undefined);
  const fresh = await openFixture();
  try {
    const { passwords: _, ...services } = fresh.services;
    fresh.app.fetch = createApp(services).fetch; // with argon2
    const first = await ensureFirstUser(fresh.services.state, NOON);
    assert.match(first?.password ?? '', /^([a-z0-9]{5}-){3}[a-z0-9]{5}$/);
    assert.equal(await ensureFirstUser(fresh.services.state, NOON), undefined);
    const session = await fresh.login('admin', first!.password);
    assert.equal((await fresh.as(session, 'GET', '/modelbreaches')).status, 403);
    const change = (body: object) => fresh.as(session, 'POST', '/ui/password', body);
    assert.equal((await change({ old: 'wrong', new: 'a long and good one' })).status, 401);
    const changed = await change({ old: first!.password, new: 'a long and good one' });
    assert.equal(changed.status, 200);
    assert.equal((await fresh.as(session, 'GET', '/ui/session')).status, 401, 'the old session has ended');
    const cookie = changed.headers.get('set-cookie')!.split(';')[0]!;
    const { csrf } = (await changed.json()) as Session;
    assert.equal((await fresh.as({ cookie, csrf }, 'GET', '/modelbreaches')).status, 200);
  } finally {
    await fresh.close();
  }
});

test('a weak password, or the old one again, is refused', async () => {
  for (const password of ['short', 'thymuspassword', PASSWORD]) {
    await write('POST', '/ui/password', { old: PASSWORD, new: password }, 400);
  }
});

test('a breach is explained by its parts', async () => {
  interface Explanation {
    pbid: number;
    parts: object;
    components: Record<string, unknown>[];
    model: { changed: boolean; action: string };
    acknowledged?: { username: string };
  }
  const why = await ask<Explanation>('/ui/breaches/2');
  assert.equal(why.model.changed, false);
  assert.deepEqual(
    [
      why.components[0]?.['label'],
      why.components[0]?.['unit'],
      why.components[0]?.['size'],
      why.components[0]?.['cid'],
    ],
    ['External Connections', 'external connections', 14, 1],
  );
  assert.deepEqual(why.components[0]?.['usual'], { low: 0, median: 2, high: 5, hours: 40 });
  await ask('/ui/breaches/999', 404);
  await ask('/ui/breaches/x', 400);
  const { state } = site.services;
  await state.models.register([{ ...BEACON, priority: 5 }, WEIGHTED], NOON);
  await state.breaches.acknowledge(2, { time: NOON, username: 'boss' });
  const changed = await ask<Explanation>('/ui/breaches/2');
  assert.deepEqual([changed.model.changed, changed.acknowledged?.username], [true, 'boss']);
  const wire = await ask<{
    model: { then: { version: number; priority: number }; now: { version: number; priority: number } };
  }>('/modelbreaches/2');
  assert.deepEqual([wire.model.then.version, wire.model.then.priority], [1, 4]);
  assert.deepEqual([wire.model.now.version, wire.model.now.priority], [2, 5]);
  await state.breaches.acknowledge(2, undefined);
});

test('a metric is drawn with the band that was usual', async () => {
  const range = `did=1&metric=externalconnections&from=${NOON - 3 * HOUR}&to=${NOON}`;
  interface Graph {
    interval: number;
    observed: { time: number; value: number }[];
    band: { time: number; high: number }[];
  }
  const hourly = await ask<Graph>(`/ui/metricdata?${range}&interval=${HOUR}`);
  assert.deepEqual(hourly.observed, [
    { time: NOON - 2 * HOUR, value: 1 },
    { time: NOON - HOUR, value: 1 },
  ]);
  assert.deepEqual(
    hourly.band.map(({ high }) => high),
    [120, 120, 120],
  );
  const fine = await ask<Graph>(`/ui/metricdata?${range}`);
  // a minute's median is a 60th, its spread the root of that: 60 / 60 + (120 - 60) / sqrt(60)
  assert.deepEqual([fine.interval, fine.band[0]?.high.toFixed(1)], [60_000, '8.7']);
  await ask(`/ui/metricdata?${range.replace('externalconnections', 'gossip')}`, 400);
  await ask('/ui/metricdata?did=1&metric=connections&from=5&to=5', 400);
  await ask('/ui/metricdata?did=1&metric=connections&from=0&to=1e12&interval=1000', 400);
  await ask('/ui/metricdata?metric=connections&from=0&to=5', 400);
});

test('every metric can be drawn', async () => {
  for (const { name } of METRICS) {
    await ask(`/ui/metricdata?did=1&metric=${name}&from=${NOON - 3 * HOUR}&to=${NOON}&interval=${HOUR}`);
  }
});

test('devices are found by part of a name and shown whole', async () => {
  const device = await ask<Record<string, unknown>>('/ui/devices/1');
  assert.deepEqual(
    [
      device['ip'],
      device['hostname'],
      device['network'],
      device['stage'],
      device['typelabel'],
      device['vendor'],
    ],
    ['10.0.0.5', 'ws-5', '10.0.0.0/24', 'young', 'Desktop', 'Small Cards'],
  );
  await ask('/ui/devices/99', 404);
  const found = await ask<{ total: number; devices: { did: number }[] }>('/ui/devices?q=WS-');
  assert.deepEqual([found.total, found.devices.map(({ did }) => did)], [2, [1]]);
  assert.equal((await ask<{ devices: unknown[] }>('/ui/devices?limit=1')).devices.length, 1);
  await ask('/ui/devices?limit=0', 400);
});

test('records are searched, counted and grouped', async () => {
  interface Found {
    total: number;
    totalIsExact: boolean;
    hits: { kind: string; ts: number }[];
  }
  const found = await ask<Found>(`/ui/search?q=@type:conn&from=${NOON - HOUR}&to=${NOON}&size=1`);
  assert.deepEqual([found.total, found.totalIsExact, found.hits[0]?.ts], [2, true, NOON - 60_000]);
  assert.equal((await ask<Found>('/ui/search?offset=4')).hits.length, 1);
  const wrong = await ask<{ error: string; position: number }>('/ui/search?q=dest_port:(', 400);
  assert.deepEqual([wrong.error, typeof wrong.position], ['BAD_QUERY', 'number']);
  await ask('/ui/search?size=10001', 400);
  const histogram = await ask<{ interval: number; buckets: { kind: string }[] }>(
    `/ui/search/histogram?from=${NOON - HOUR}&to=${NOON}`,
  );
  assert.equal(histogram.interval, 60_000);
  assert.deepEqual([...new Set(histogram.buckets.map(({ kind }) => kind))].sort(), ['conn', 'dns', 'notice']);
  await ask('/ui/search/histogram?from=0', 400);
  await ask('/ui/search/histogram?from=5&to=5', 400);
  await ask('/ui/search/histogram?from=0&to=1e12&interval=1', 400);
  const fields = await ask<{ name: string }[]>('/ui/search/fields');
  assert.ok(fields.some(({ name }) => name === 'dest_port'));
  assert.deepEqual(await ask('/ui/search/terms?q=@type:conn&field=dest_port&size=1'), [
    { key: '443', count: 2 },
  ]);
  await ask('/ui/search/terms?q=@type:conn', 400);
  await ask('/ui/search/terms?field=gossip', 400);
});

test('users are added, reset and told apart', async () => {
  const added = await write<{ password: string; user: { mustChange: boolean } }>('POST', '/ui/users', {
    username: 'ann',
    permissions: ['view', 'comment'],
  });
  assert.equal(added.user.mustChange, true);
  const session = await site.login('ann', added.password);
  await write('POST', '/ui/users', { username: 'ann', permissions: [] }, 409);
  await write('POST', '/ui/users', { username: 'a b', permissions: [] }, 400);
  await write('POST', '/ui/users', { username: 'bob', permissions: ['fly'] }, 400);
  await write('POST', '/ui/users', { username: 'bob', permissions: [], password: 'bobbobbobbob' }, 400);
  const own = { username: 'bob', permissions: ['view'], password: 'a long and good one' };
  assert.deepEqual(Object.keys(await write<object>('POST', '/ui/users', own)), ['user']);
  const reset = await write<{ password: string }>('POST', '/ui/users/ann/reset', {});
  assert.equal((await site.as(session, 'GET', '/ui/session')).status, 401);
  await site.login('ann', reset.password);
  await write('POST', '/ui/users/none/reset', {}, 404);
  const names = (await ask<{ username: string }[]>('/ui/users')).map(({ username }) => username);
  assert.deepEqual(names, ['ann', 'bob', 'boss', 'victim']);
  const actions = (await site.services.state.auditTrail()).map(({ action }) => action);
  for (const action of ['user.add', 'user.reset', 'user.login', 'user.login.refused', 'user.logout']) {
    assert.ok(actions.includes(action), action);
  }
});

test('tokens are made, listed without their secret and revoked', async () => {
  const pair = await write<{ public: string; private: string }>('POST', '/ui/tokens', {
    name: 'siem',
    username: 'boss',
  });
  assert.match(pair.private, /^[a-z0-9]{40}$/);
  const list = await ask<Record<string, unknown>[]>('/ui/tokens');
  const listed = list.find((token) => token['public'] === pair.public);
  assert.deepEqual(
    [listed?.['name'], listed?.['username'], 'private' in (listed ?? {})],
    ['siem', 'boss', false],
  );
  await write('POST', '/ui/tokens', { name: '' }, 400);
  await write('POST', '/ui/tokens', { name: 'x', username: 'none' }, 404);
  await write('DELETE', `/ui/tokens/${pair.public}`, undefined);
  await write('DELETE', `/ui/tokens/${pair.public}`, undefined, 404);
  assert.equal((await write<object>('POST', '/ui/tokens', { name: 'global' })) !== undefined, true);
});

test('imports are started and stopped', async () => {
  await write('POST', '/ui/jobs', { kind: 'ingest', paths: ['/a.pcap'], case: 'april' });
  assert.deepEqual(site.asked.at(-1), { paths: ['/a.pcap'], case: 'april' });
  await write('POST', '/ui/jobs', { kind: 'ingest', paths: [] }, 400);
  await write('POST', '/ui/jobs', { kind: 'dig', paths: ['/a'] }, 400);
  await write('POST', '/ui/jobs', { kind: 'ingest', paths: ['/a'], case: '../x' }, 400);
  await write('DELETE', '/ui/jobs/1', undefined);
  await write('DELETE', '/ui/jobs/2', undefined, 404);
  const { state } = site.services;
  const id = await state.addJob('ingest', { paths: ['/a'] }, NOON);
  await state.updateJob(id, { progress: { done: 1, total: 2, records: 3 } });
  const [job] = await ask<Record<string, unknown>[]>('/ui/jobs');
  assert.deepEqual([job?.['state'], job?.['progress']], ['running', { done: 1, total: 2, records: 3 }]);
});

test('the product names its data and their licences', async () => {
  const about = await ask<{ version: string; data: { licence: string }[] }>('/ui/about');
  assert.deepEqual([about.version, about.data[0]?.licence], ['9.9.9', 'CC0-1.0']);
});

/** Reads a stream until it has the text. */
async function readUntil(reader: ReadableStreamDefaultReader<Uint8Array>, wanted: string): Promise<string> {
  let text = '';
  while (!text.includes(wanted)) {
    const { value, done } = await reader.read();
    if (done) return text;
    text += new TextDecoder().decode(value);
  }
  return text;
}

const open = (query = '', headers: Record<string, string> = {}) =>
  site.app.request(`/ui/events${query}`, { headers: { Cookie: admin.cookie, ...headers } });

test('the live stream tells what happens, by topic', async () => {
  const reply = await open('?topics=breach');
  assert.equal(reply.headers.get('content-type'), 'text/event-stream');
  const reader = reply.body!.getReader();
  site.services.events.publish('status', { newest: NOON, now: NOON });
  await site.as(admin, 'POST', '/modelbreaches/1/acknowledge', { acknowledge: true });
  const text = await readUntil(reader, 'event: breach');
  assert.match(text, /"pbid":1,.*"change":"acknowledged"/);
  assert.doesNotMatch(text, /event: status/);
  await reader.cancel();
  assert.equal(site.services.events.listeners, 0);
  assert.equal((await open('?topics=gossip')).status, 400);
});

test('a stream takes up where it was, or says that it cannot', async () => {
  const { events } = site.services;
  const before = events.lastId;
  events.publish('status', { newest: 1, now: 1 });
  events.publish('status', { newest: 2, now: 2 });
  const resumed = (await open('', { 'Last-Event-ID': before })).body!.getReader();
  const text = await readUntil(resumed, '"newest":2');
  assert.ok(text.includes('"newest":1') && !text.includes('event: reset'));
  await resumed.cancel();
  const lost = (await open('', { 'Last-Event-ID': 'other-1' })).body!.getReader();
  assert.match(await readUntil(lost, '\n\n'), /event: reset/);
  await lost.cancel();
  for (let i = 0; i < 1001; i++) events.publish('status', { newest: i, now: i });
  assert.equal(events.since(before), undefined);
  assert.deepEqual(events.since(events.lastId), []);
});

test('streams end with their session and with the server', async (t) => {
  t.mock.timers.enable({ apis: ['setInterval'] });
  const session = await site.login('boss');
  const open = () => site.as(session, 'GET', '/ui/events');
  const first = (await open()).body!.getReader();
  await readUntil(first, '\n\n');
  t.mock.timers.tick(15_000);
  assert.equal(await readUntil(first, ': \n\n'), ': \n\n');
  await site.as(session, 'POST', '/ui/logout');
  t.mock.timers.tick(15_000);
  assert.equal((await first.read()).done, true);
  const second = (
    await site.app.request('/ui/events', { headers: { Cookie: admin.cookie, [CSRF_HEADER]: '' } })
  ).body!.getReader();
  await readUntil(second, '\n\n');
  site.services.events.close();
  assert.equal((await second.read()).done, true);
});
