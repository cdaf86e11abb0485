import assert from 'node:assert/strict';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { createFront } from './front.ts';

/** Asks a front whose engine writes down what it is given. */
async function ask(
  path: string,
  body?: string | Uint8Array,
): Promise<{ status: number; text: string; seen: unknown[] }> {
  const seen: unknown[] = [];
  const front = createFront({
    query: async (sql, params) => {
      if (sql === 'fail')
        throw Object.assign(new Error('Code: 62. DB::Exception: Syntax error'), { clickhouseCode: 62 });
      if (sql === 'break') throw new Error('ENOSPC: no space left on device, write');
      seen.push(sql, params);
      return Buffer.from('answer');
    },
    insert: async (sql, rows) => void seen.push(sql, [...rows]),
  });
  await new Promise<void>((done) => front.listen(0, '127.0.0.1', done));
  const { port } = front.address() as AddressInfo;
  const reply = await fetch(
    `http://127.0.0.1:${port}${path}`,
    body === undefined ? {} : { method: 'POST', body },
  );
  const text = await reply.text();
  await new Promise((done) => {
    front.close(done);
    front.closeAllConnections();
  });
  return { status: reply.status, text, seen };
}

test('a ping is answered', async () => {
  assert.equal((await ask('/ping')).text, 'Ok.\n');
});

test('a statement comes in the body or in the address, its parameters escaped as tab separated values', async () => {
  const { text, seen } = await ask('/?param_a=x%5Cty%5C%5Cz&database=default', 'SELECT {a:String}');
  assert.equal(text, 'answer');
  assert.deepEqual(seen, ['SELECT {a:String}', { a: 'x\ty\\z' }]);
  assert.deepEqual((await ask('/?query=SELECT%201')).seen, ['SELECT 1', {}]);
});

test('a statement in the address with a body is an insert', async () => {
  const { seen } = await ask('/?query=INSERT%20INTO%20t', new Uint8Array([1, 0, 255]));
  assert.deepEqual(seen, ['INSERT INTO t', [1, 0, 255]]);
});

test("refusals carry ClickHouse's number, or the number for a fault of ours", async () => {
  const refused = await ask('/', 'fail');
  assert.equal(refused.status, 500);
  assert.match(refused.text, /^Code: 62\. DB::Exception: Syntax error/);
  assert.match((await ask('/', 'break')).text, /^Code: 1002\. DB::Exception: ENOSPC/);
});
