import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { ROUTES, type Route, targetOf } from '@thymus/contract';
import { Random } from '@thymus/core';
import { Compile } from 'typebox/compile';
import { sharedFolder } from '../../../../tools/shared.ts';
import { type Fixture, NOON, openFixture } from './site.fixture.ts';

let site: Fixture;
before(async () => {
  site = await openFixture();
});
after(() => site.close());

const hash = Buffer.from('{"search":"@type:conn","timeframe":86400}').toString('base64');

/** Parameters with which each route answers something. */
const GOOD: Readonly<Record<string, object>> = {
  pbid: { pbid: 2 },
  did: { did: 1 },
  pid: { pid: 1 },
  cid: { cid: 1 },
  mlid: { mlid: 1 },
};

const QUERIES: Readonly<Record<string, object>> = {
  '/details': { did: 1 },
  '/ui/metricdata': { did: 1, metric: 'connections', from: NOON - 3_600_000, to: NOON },
  '/ui/search/histogram': { from: NOON - 3_600_000, to: NOON },
  '/ui/search/terms': { field: 'dest_port' },
  '/metricdata': { metric: 'connections', breachtimes: true },
};

function exampleOf(route: Route): string {
  const names = [...route.path.matchAll(/:([a-z]+)/gi)].map(([, name]) => name!);
  const fixed = { field: 'dest_port', operation: 'score', kind: 'count', interval: 3_600_000 };
  const params = Object.assign({ ...fixed }, ...names.map((name) => GOOD[name] ?? {}));
  return targetOf(route, { params, query: QUERIES[route.path] as never, rest: hash });
}

test('every answer to a read is what the contract declares', async () => {
  for (const route of ROUTES.filter(({ method, path }) => method === 'GET' && path !== '/ui/events')) {
    const path = exampleOf(route);
    const reply = await site.app.request(path, {}, { isLocal: true });
    assert.equal(reply.status, 200, path);
    const body: unknown = await reply.json();
    const validator = Compile(route.reply);
    assert.ok(validator.Check(body), `${path}: ${JSON.stringify(validator.Errors(body).slice(0, 3))}`);
  }
});

const NASTY = [
  '',
  '0',
  '-1',
  '1e309',
  'NaN',
  '99999999999999999999',
  "' OR 1=1 --",
  '"',
  '\\',
  '%',
  '%00',
  '\u0000',
  '\u202e',
  '../../etc/passwd',
  '(((((((((',
  '*'.repeat(300),
  'a'.repeat(5000),
  '[1,2]',
  '{"a":1}',
  '__proto__',
  'constructor',
  'true',
  'Grüße 🙂',
  '1,2,,3,',
  '2025-06-01 12:00:00',
  '1700000000000',
];

const PARTS: Readonly<Record<string, string>> = {
  ':field': 'dest_port',
  ':operation': 'terms',
  ':kind': 'mean',
  ':interval': '3600000',
};

const searchOf = (search: string): string =>
  Buffer.from(JSON.stringify({ search, timeframe: 86_400, analyze_field: 'orig_bytes' })).toString('base64');

/** A request of a route with values that nobody means well. */
function nastyRequest(route: Route, random: Random): { path: string; init: RequestInit } {
  const pick = () => random.pick(NASTY);
  const path = route.path
    .replace(/:[a-z]+/gi, (name) =>
      random.chance(0.5) ? (PARTS[name] ?? '1') : encodeURIComponent(pick()) || '0',
    )
    .replace('*', () => (random.chance(0.5) ? searchOf(pick()) : encodeURIComponent(pick())));
  const query = Object.keys(route.query?.properties ?? {})
    .filter(() => random.chance(0.2))
    .map((name) => `${name}=${encodeURIComponent(pick())}`);
  const fields = Object.keys(route.body?.properties ?? {}).map((name) => [name, pick()] as const);
  const body = random.chance(0.5)
    ? JSON.stringify(Object.fromEntries(fields))
    : new URLSearchParams(Object.fromEntries(fields)).toString();
  const init = route.method === 'GET' ? {} : { method: route.method, body };
  return { path: query.length === 0 ? path : `${path}?${query.join('&')}`, init };
}

test('no request makes a fault of ours', async () => {
  const random = new Random(20_260_105);
  const routes = ROUTES.filter(({ path }) => path !== '/ui/events');
  for (let i = 0; i < 1000; i++) {
    const { path, init } = nastyRequest(routes[i % routes.length]!, random);
    const reply = await site.app.request(path, init, { isLocal: true });
    const text = await reply.text();
    assert.ok(
      reply.status < 500,
      `${path.slice(0, 300)} ${String(init.body).slice(0, 300)}: ${text.slice(0, 300)}`,
    );
    assert.doesNotMatch(text, /\n\s+at .*\.ts:/);
  }
});

test('a breach has every field of one that a client recorded from an appliance', async (t) => {
  const shared = sharedFolder();
  if (shared === undefined) return t.skip('no recordings here');
  const path = join(shared, 'fixtures/darktrace-api/rapid7/modelbreaches-pbid.json');
  const recorded: unknown = JSON.parse(readFileSync(path, 'utf8'));
  // the note of a model's last edit is only there where somebody wrote one
  const lacking = missing(recorded, await site.json('/modelbreaches?pbid=2'));
  assert.deepEqual(lacking, ['model.now.message']);
});

/** Fields of `wanted`, with their types, that `given` lacks. */
function missing(wanted: unknown, given: unknown, at = ''): string[] {
  if (Array.isArray(wanted))
    return wanted.length === 0 ? [] : missing(wanted[0], (given as unknown[])[0], `${at}[]`);
  if (typeof wanted !== 'object' || wanted === null) return typeof wanted === typeof given ? [] : [at];
  return Object.entries(wanted).flatMap(([name, value]) => {
    const inside = Object(given)[name];
    const path = at === '' ? name : `${at}.${name}`;
    return inside === undefined ? [path] : missing(value, inside, path);
  });
}
