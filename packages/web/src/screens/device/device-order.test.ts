import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inOrder, orderOf } from './device-order.ts';

const device = (
  did: number,
  ip: string | undefined,
  score: number,
  lastSeen: number,
  hostname = `ws-${did}`,
) => ({
  did,
  score,
  lastSeen,
  hostname,
  typelabel: did % 2 === 0 ? 'Server' : 'Laptop',
  ...(ip ? { ip } : {}),
});

const ALL = [device(10, '10.0.0.10', 0.2, 5), device(9, '10.0.0.9', 0.2, 7), device(3, undefined, 0.9, 1)];
const order = (text: unknown) => inOrder(ALL, orderOf(text)).map((d) => d.did);

test('the highest score comes first unless another order is asked for', () => {
  assert.deepEqual(order(undefined), [3, 9, 10]);
  assert.deepEqual(order('DROP TABLE'), [3, 9, 10]);
});

test('names and addresses are ordered as people count', () => {
  assert.deepEqual(order('name'), [3, 9, 10]);
  assert.deepEqual(order('ip'), [9, 10, 3]);
  assert.deepEqual(order('seen'), [9, 10, 3]);
  assert.deepEqual(order('type'), [9, 3, 10]);
});
