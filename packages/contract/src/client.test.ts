import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { test } from 'node:test';
import { parseApiDate } from './api-date.ts';
import { ApiClient, ApiRefusal, targetOf } from './client.ts';
import { PERMISSIONS, type Route } from './route.ts';
import { addComment, advancedSearch, modelbreach, modelbreaches, ROUTES } from './routes/index.ts';
import { percent } from './shapes/breach.ts';
import { typeLabel, typeName } from './shapes/device.ts';
import { type Hmac, isDateValid, verify } from './signature.ts';

const hmac: Hmac = (key, message) => createHmac('sha1', key).update(message).digest('hex');
const NOW = 1_748_779_200_000;
const SKEW = 3_600_000;

interface Sent {
  url: string;
  method: string;
  headers: Record<string, string>;
  body?: string;
}

/** An appliance whose clock is `skew` ahead, and a client of it. */
function pair(reply: { status: number; body: string }, skew = 0) {
  const sent: Sent[] = [];
  const client = new ApiClient({
    url: 'https://appliance',
    publicToken: 'public',
    privateToken: 'private',
    now: () => NOW,
    hmac,
    parseDate: parseApiDate,
    fetch: async (url, init) => {
      sent.push({ url, ...init });
      const date = init.headers['DTAPI-Date']!;
      const isLate = !isDateValid(date, NOW + skew);
      const { status, body } = isLate ? { status: 400, body: '{"error":"API DATE ERROR"}' } : reply;
      const headers = { get: () => 'Sun, 01 Jun 2025 13:00:00 GMT' };
      return { status, headers, text: async () => body };
    },
  });
  return { client, sent };
}

const isSigned = ({ url, method, headers, body = '' }: Sent): boolean =>
  verify(
    {
      method,
      target: url.slice('https://appliance'.length),
      body: new TextEncoder().encode(body),
      token: headers['DTAPI-Token']!,
      date: headers['DTAPI-Date']!,
      signature: headers['DTAPI-Signature']!,
    },
    'private',
    hmac,
  )?.isQuerySigned === true;

test('what the client sends is what the server believes', async () => {
  const { client, sent } = pair({ status: 200, body: '{"response":"SUCCESS"}' });
  await client.call(modelbreaches, { query: { from: '2025-06-01 00:00:00', did: [1, 2], uuid: ['a&b'] } });
  await client.call(addComment, { params: { pbid: 7 }, body: { message: 'Grüße & more' } });
  await client.call(addComment, {
    params: { pbid: 7 },
    query: { responsedata: ['a'] },
    body: { message: 'x' },
  });
  await client.call(advancedSearch, { rest: 'a/b+c==' });
  assert.deepEqual(sent.map(isSigned), [true, true, true, true]);
  assert.equal(
    sent[0]?.url,
    'https://appliance/modelbreaches?from=2025-06-01%2000%3A00%3A00&did=1%2C2&uuid=a%26b',
  );
  assert.equal(sent[3]?.url, 'https://appliance/advancedsearch/api/search/a/b+c==');
});

test('a client follows an appliance whose clock is wrong', async () => {
  const { client, sent } = pair({ status: 200, body: '{"pbid":7}' }, SKEW);
  assert.equal((await client.call(modelbreach, { params: { pbid: 7 } })).pbid, 7);
  assert.equal(sent[1]?.headers['DTAPI-Date'], '2025-06-01 13:00:00');
});

test('a refusal says what the appliance said', async () => {
  const { client } = pair({ status: 302, body: 'Found. Redirecting to /login' });
  await assert.rejects(client.call(modelbreaches), (error: ApiRefusal) => error.status === 302);
  const html = pair({ status: 200, body: '<html>' }).client;
  await assert.rejects(html.call(modelbreaches), ApiRefusal);
});

test('every route has a path of its own, a known permission and parameters for what its path names', () => {
  const seen = new Set<string>();
  for (const route of ROUTES as readonly Route[]) {
    const key = `${route.method} ${route.path}`;
    assert.ok(!seen.has(key), key);
    seen.add(key);
    assert.ok([...PERMISSIONS, 'session', 'open'].includes(route.permission), key);
    const names = [...route.path.matchAll(/:([a-z]+)/gi)].map(([, name]) => name);
    assert.deepEqual(Object.keys(route.params?.properties ?? {}), names, key);
    assert.ok(route.doc.endsWith('.'), key);
  }
  assert.equal(targetOf(modelbreach, { params: { pbid: 3 } as never }), '/modelbreaches/3');
});

test('only /ui routes are for sessions alone', () => {
  for (const { path, permission } of ROUTES) {
    if (permission === 'open' || permission === 'session' || permission === 'admin') {
      assert.ok(path.startsWith('/ui/'), path);
    }
  }
});

test('device types are found by name and code', () => {
  assert.equal(typeName('Laptop'), 'laptop');
  assert.equal(typeName('6'), 'desktop');
  assert.equal(typeName('999'), undefined);
  assert.equal(typeLabel('dnsserver'), 'DNS Server');
  assert.equal(typeLabel('toaster'), 'toaster');
});

test('a score becomes a percentage within its bounds', () => {
  assert.deepEqual([0, 0.541, 1, 2, -1].map(percent), [0, 54, 100, 100, 0]);
});
