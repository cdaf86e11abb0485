import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { CSRF_HEADER, PERMISSIONS, type Permission, ROUTES, type Route } from '@thymus/contract';
import { ThymusError } from '@thymus/core';
import { createApp } from './app.ts';
import { serve } from './serve.ts';
import { type Fixture, NOON, openFixture, PASSWORD } from './site.fixture.ts';

let site: Fixture;
before(async () => {
  site = await openFixture();
  mkdirSync(join(site.folder, 'web', 'assets'), { recursive: true });
  writeFileSync(join(site.folder, 'web', 'index.html'), '<!doctype html>');
  writeFileSync(join(site.folder, 'web', 'assets', 'app-1a2b.js'), 'let x;');
  writeFileSync(join(site.folder, 'web', 'icon.odd'), 'x');
});
after(() => site.close());

const HTML = { Accept: 'text/html,application/xhtml+xml' };

/** An example of a route's path. */
const pathOf = ({ path }: Route): string =>
  path
    .replace(':operation', 'terms')
    .replace(':kind', 'count')
    .replace(':interval', '60000')
    .replace(':name', 'nobody')
    .replace(/:[a-z]+/gi, '99')
    .replace('*', 'e30=');

test('a wrong signature, token or date is refused in the words of the API', async () => {
  const error = async (headers: Record<string, string>) => {
    const reply = await site.signed('GET', '/status', '', headers);
    assert.equal(reply.status, 400);
    return ((await reply.json()) as { error: string }).error;
  };
  assert.equal(await error({ 'DTAPI-Signature': 'f'.repeat(40) }), 'API SIGNATURE ERROR');
  assert.equal(await error({ 'DTAPI-Signature': '' }), 'API SIGNATURE ERROR');
  assert.equal(await error({ 'DTAPI-Token': 'x'.repeat(40) }), 'API SIGNATURE ERROR');
  assert.equal(await error({ 'DTAPI-Date': '2026-01-05 13:00:00' }), 'API DATE ERROR');
  assert.equal(await error({ 'DTAPI-Date': 'soon' }), 'API DATE ERROR');
});

test('header names and the signature are read in any case, and an unencoded query is understood', async () => {
  const reply = await site.signed('GET', '/modelbreaches?from=2026-01-01 00:00:00');
  assert.equal(reply.status, 200);
});

test('a body that nobody signed changes nothing', async () => {
  const path = '/modelbreaches/1/acknowledge';
  const headers = site.signedHeaders(path);
  const reply = await site.app.request(path, { method: 'POST', body: 'acknowledge=true', headers });
  assert.equal(reply.status, 400);
});

test('the use of a token is noted, at most once a minute', async () => {
  const used = async () => (await site.services.state.tokens.list())[0]?.lastUsed;
  site.clock.now = NOON + 120_000;
  await site.get('/status?fast=true');
  assert.equal(await used(), NOON + 120_000);
  site.clock.now = NOON + 150_000;
  await site.get('/status?fast=true');
  assert.equal(await used(), NOON + 120_000);
  site.clock.now = NOON;
});

test('a token that belongs to a user may do what the user may', async () => {
  await site.addUser('reader', ['view']);
  const { state } = site.services;
  const owner = (await state.users.find('reader'))!.user;
  const global = { ...site.token };
  Object.assign(site.token, await state.tokens.create('personal', owner.id, NOON));
  assert.equal((await site.get('/modelbreaches')).status, 200);
  const refused = await site.signed('POST', '/modelbreaches/1/comments', '{"message":"x"}');
  assert.equal(refused.status, 403);
  assert.equal(((await refused.json()) as { error: string }).error, 'PERMISSION ERROR');
  Object.assign(site.token, global);
});

test('every declared route is answered, and refuses who has no session or no permission', async () => {
  for (const name of PERMISSIONS) await site.addUser(`only-${name}`, [name]);
  const sessions = new Map(
    await Promise.all(PERMISSIONS.map(async (name) => [name, await site.login(`only-${name}`)] as const)),
  );
  for (const route of ROUTES) {
    const path = pathOf(route);
    const label = `${route.method} ${route.path}`;
    if (route.permission !== 'open') {
      assert.equal((await site.app.request(path, { method: route.method })).status, 401, label);
    }
    // log-out would end the session that is tried with
    if (route.permission === 'open' || route.path === '/ui/logout') continue;
    for (const [name, session] of sessions) {
      const reply = await site.as(session, route.method, path, route.method === 'POST' ? {} : undefined);
      await reply.body?.cancel();
      const isAllowed: boolean =
        name === 'admin' || route.permission === 'session' || route.permission === name;
      assert.equal(reply.status === 403, !isAllowed, `${label} as ${name}: ${reply.status}`);
      assert.ok(reply.status < 500, `${label} as ${name}: ${reply.status}`);
    }
  }
});

test('a write needs the CSRF token of its session and must come from our own pages', async () => {
  await site.addUser('writer', ['view', 'acknowledge']);
  const { cookie, csrf } = await site.login('writer');
  const write = (headers: Record<string, string>) =>
    site.app.request('/modelbreaches/1/acknowledge', {
      method: 'POST',
      body: '{"acknowledge":true}',
      headers: { Cookie: cookie, ...headers },
    });
  assert.equal((await write({})).status, 403);
  assert.equal((await write({ [CSRF_HEADER]: 'x' })).status, 403);
  assert.equal((await write({ [CSRF_HEADER]: csrf, Origin: 'https://evil.example' })).status, 403);
  assert.equal((await write({ [CSRF_HEADER]: csrf, Origin: 'null' })).status, 403);
  assert.equal((await write({ [CSRF_HEADER]: csrf, 'Sec-Fetch-Site': 'cross-site' })).status, 403);
  assert.equal(
    (await write({ [CSRF_HEADER]: csrf, Origin: 'http://localhost', 'Sec-Fetch-Site': 'same-origin' }))
      .status,
    200,
  );
  const login = await site.app.request('/ui/login', {
    method: 'POST',
    body: '{"username":"writer","password":"x"}',
    headers: { Origin: 'https://evil.example' },
  });
  assert.equal(login.status, 403);
});

test('API tokens are no key to the web interface', async () => {
  assert.equal((await site.get('/ui/users')).status, 403);
});

test('the local socket is the administrator', async () => {
  const local = (path: string) => site.app.request(path, {}, { isLocal: true });
  assert.equal((await local('/ui/users')).status, 200);
  const wrong = await local('/modelbreaches?minscore=7');
  assert.equal(((await wrong.json()) as { error: string }).error, 'BAD_INPUT');
  const session = (await (await local('/ui/session')).json()) as { user: { username: string } };
  assert.equal(session.user.username, 'local');
  const written = await site.app.request(
    '/modelbreaches/1/unacknowledge',
    { method: 'POST', body: '{"unacknowledge":true}' },
    { isLocal: true },
  );
  assert.equal(written.status, 200);
});

test('a session ends after half an hour without use, and after twelve hours in any case', async () => {
  await site.addUser('sleeper', ['view']);
  const session = await site.login('sleeper');
  const status = async () => (await site.as(session, 'GET', '/ui/session')).status;
  site.clock.now = NOON + 29 * 60_000;
  assert.equal(await status(), 200);
  site.clock.now += 31 * 60_000;
  assert.equal(await status(), 401);
  site.clock.now = NOON;
  const busy = await site.login('sleeper');
  for (let minutes = 20; minutes < 12 * 60; minutes += 20) {
    site.clock.now = NOON + minutes * 60_000;
    assert.equal((await site.as(busy, 'GET', '/ui/session')).status, 200);
  }
  site.clock.now = NOON + 12 * 3_600_000;
  assert.equal((await site.as(busy, 'GET', '/ui/session')).status, 401);
  site.clock.now = NOON;
});

test('every answer has the headers that browsers need', async () => {
  const paths = ['/', '/status', '/ui/session', '/nothing', '/assets/app-1a2b.js'];
  for (const path of paths) {
    const { headers } = await site.app.request(path);
    assert.match(headers.get('content-security-policy') ?? '', /^default-src 'self'/, path);
    assert.doesNotMatch(headers.get('content-security-policy') ?? '', /unsafe|data:|blob:|\*/);
    assert.equal(headers.get('x-content-type-options'), 'nosniff');
    assert.equal(headers.get('referrer-policy'), 'no-referrer');
    assert.ok(headers.has('strict-transport-security') && headers.has('x-request-id'));
  }
});

test('files of the web interface come with their type and how long they last', async () => {
  const page = await site.app.request('/');
  assert.equal(page.status, 503, 'files that came after the start are not served');
  const app = createApp(site.services);
  const index = await app.request('/');
  assert.deepEqual(
    [index.status, index.headers.get('content-type'), index.headers.get('cache-control')],
    [200, 'text/html; charset=utf-8', 'no-cache'],
  );
  const script = await app.request('/assets/app-1a2b.js');
  assert.equal(script.headers.get('content-type'), 'text/javascript; charset=utf-8');
  assert.match(script.headers.get('cache-control') ?? '', /immutable/);
  assert.equal((await app.request('/icon.odd')).headers.get('content-type'), 'application/octet-stream');
  for (const path of ['/../state.sqlite', '/%2e%2e/state.sqlite', '/assets/..%2f..%2fsecret.key']) {
    assert.equal((await app.request(path)).status, 302, path);
  }
  const { webRoot: _, ...bare } = site.services;
  assert.equal((await createApp(bare).request('/')).status, 503);
  assert.equal((await createApp({ ...bare, webRoot: '/nowhere' }).request('/x')).status, 302);
});

test('pages of the manual lead into the web interface, for browsers only', async () => {
  const target = async (path: string, headers: Record<string, string> = HTML) => {
    const reply = await site.app.request(path, { headers });
    return reply.status === 302 ? reply.headers.get('location') : reply.status;
  };
  assert.equal(await target('/sysstatus'), '/#/sysstatus');
  assert.equal(await target('/status'), '/#/sysstatus');
  assert.equal(await target('/config'), '/#/config');
  assert.equal(await target('/advancedsearch'), '/#/search');
  assert.equal(await target('/console/'), '/#/console');
  assert.equal(await target('/login'), '/');
  assert.equal(await target('/status', {}), 401);
  assert.equal((await site.signed('GET', '/status?fast=true', '', HTML)).status, 200);
});

test('what is not there is a redirect for API clients, 404 for the web interface, 405 for other methods', async () => {
  const unknown = await site.get('/filtertypes');
  assert.deepEqual(
    [unknown.status, unknown.headers.get('location'), await unknown.text()],
    [302, '/login', 'Found. Redirecting to /login'],
  );
  assert.equal((await site.signed('GET', '/filtertypes', '', { 'DTAPI-Signature': 'x' })).status, 400);
  const ui = await site.app.request('/ui/nothing');
  assert.equal(((await ui.json()) as { error: string }).error, 'NOT_FOUND');
  assert.equal((await site.signed('DELETE', '/modelbreaches')).status, 405);
});

test('large bodies are refused', async () => {
  const reply = await site.signed('POST', '/devices', `did=1&label=${'x'.repeat(1024 * 1024)}`);
  assert.equal(reply.status, 413);
});

test('a fault of ours tells nothing but its number', async () => {
  const { state } = site.services;
  const explode = () => {
    throw new Error('secret path /x/y');
  };
  const list = Object.create(state.models, { list: { value: explode } });
  const app = createApp({ ...site.services, state: Object.create(state, { models: { value: list } }) });
  const reply = await app.request('/models', {}, { isLocal: true });
  const { error, message } = (await reply.json()) as { error: string; message: string };
  assert.deepEqual([reply.status, error], [500, 'INTERNAL']);
  assert.ok(message.includes(reply.headers.get('x-request-id')!) && !message.includes('secret'));
});

test('a route that is not in the contract cannot be registered', () => {
  const stray = { ...ROUTES[0]!, path: '/stray' };
  const fake = { app: site.app, services: site.services, authenticator: undefined as never };
  assert.throws(() => serve(fake, stray, () => undefined), ThymusError);
});

test('permissions of a user are the known ones', async () => {
  await site.addUser('odd', ['view', 'fly' as Permission]);
  const session = await site.login('odd', PASSWORD);
  const reply = await site.as(session, 'GET', '/ui/session');
  assert.deepEqual(((await reply.json()) as { user: { permissions: string[] } }).user.permissions, ['view']);
});
