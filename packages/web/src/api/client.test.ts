import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ApiError, Client, withQuery } from './client.ts';

const answering = (status: number, body: string, headers = {}) => {
  const asked: { url: string; init: RequestInit }[] = [];
  const client = new Client((url, init) => {
    asked.push({ url, init });
    return Promise.resolve(new Response(body, { status, headers }));
  });
  return { asked, client };
};

test('unset parameters are left out, others are escaped', () => {
  assert.equal(
    withQuery('/ui/search', { q: 'a&b=c', from: undefined, size: 0 }),
    '/ui/search?q=a%26b%3Dc&size=0',
  );
  assert.equal(withQuery('/ui/search'), '/ui/search');
});

test('a write carries the CSRF token, a read does not', async () => {
  const { asked, client } = answering(200, '{"ok":true}');
  client.csrf = 'token-1';
  await client.get('/ui/session');
  await client.post('/ui/logout');
  assert.equal(new Headers(asked[0]?.init.headers).get('X-Thymus-CSRF'), null);
  assert.equal(new Headers(asked[1]?.init.headers).get('X-Thymus-CSRF'), 'token-1');
  assert.equal(asked[1]?.init.body, '{}');
});

test('a refusal keeps its code, its reason and where the fault lies', async () => {
  const { client } = answering(400, '{"error":"BAD_QUERY","message":"unclosed quote","position":7}', {
    'X-Request-Id': 'r-1',
  });
  await assert.rejects(client.get('/ui/search'), (error: unknown) => {
    assert.ok(error instanceof ApiError);
    assert.deepEqual(
      [error.status, error.code, error.message, error.position, error.requestId],
      [400, 'BAD_QUERY', 'unclosed quote', 7, 'r-1'],
    );
    return true;
  });
});

test('an answer that is no JSON is an error, also with status 200', async () => {
  await assert.rejects(answering(200, '<html>').client.get('/ui/session'), {
    code: 'UNREADABLE',
    status: 200,
  });
  await assert.rejects(answering(502, 'Bad gateway').client.get('/ui/session'), /answered 502/);
  await assert.rejects(answering(500, '"text"').client.get('/ui/session'), { code: 'UNREADABLE' });
});

test('silence is told apart from a request that was called off', async () => {
  const silent = new Client(() => Promise.reject(new TypeError('network')));
  await assert.rejects(silent.get('/ui/session'), { code: 'NO_ANSWER', status: 0 });
  const called = new Client(() => Promise.reject(new DOMException('stop', 'AbortError')));
  await assert.rejects(called.get('/ui/session'), { name: 'AbortError' });
});
