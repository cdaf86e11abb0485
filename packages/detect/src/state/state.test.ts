import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Random, ThymusError } from '@thymus/core';
import { decodeState, encodeState } from './codec.ts';
import { forget, newRecent, put, recall } from './recent.ts';

const SAMPLE = {
  none: undefined,
  yes: true,
  no: false,
  small: 7,
  big: 2 ** 40,
  negative: -5,
  fraction: 0.1,
  never: Number.NEGATIVE_INFINITY,
  text: 'Grüße',
  same: 'Grüße',
  list: [1, [undefined, 'x']],
  map: new Map<unknown, unknown>([
    ['b', 1],
    ['a', new Set([1, 2])],
    [3, { deep: new Float64Array([1.5, -2]) }],
  ]),
  bytes: new Uint8Array([0, 255]),
  singles: new Float32Array([0.5]),
};

test('state comes back as it was, in its order', () => {
  const { none: _, ...rest } = SAMPLE;
  assert.deepEqual(decodeState(encodeState(SAMPLE)), rest);
  assert.ok(Object.is((decodeState(encodeState([-0])) as number[])[0], -0));
});

test('damaged state is refused with BAD_FILE, whatever the damage', () => {
  const good = encodeState(SAMPLE);
  const random = new Random(5);
  const isRefused = (e: unknown): boolean => e instanceof ThymusError && e.code === 'BAD_FILE';
  for (let length = 0; length < good.length; length += 3) {
    assert.throws(() => decodeState(good.subarray(0, length)), isRefused);
  }
  for (let i = 0; i < 300; i++) {
    const bad = good.slice();
    bad[random.integer(0, bad.length - 1)]! ^= 1 << random.integer(0, 7);
    try {
      decodeState(bad);
    } catch (error) {
      assert.ok(isRefused(error), String(error));
    }
  }
  const nested = new Uint8Array(500).fill(6);
  nested.set(good.subarray(0, 4));
  nested.fill(1, 5);
  for (let i = 4; i < 500; i += 2) nested[i] = 6;
  assert.throws(() => decodeState(nested), isRefused);
});

test('a table of two generations keeps what is used and drops the rest', () => {
  const table = newRecent<number>();
  for (let i = 0; i < 100; i++) {
    put(table, `k${i}`, i, 20);
    assert.equal(recall(table, 'k0', 20), 0);
  }
  assert.ok(table.young.size + table.old.size <= 21);
  assert.equal(recall(table, 'k1', 20), undefined);
  forget(table, 'k0');
  assert.equal(recall(table, 'k0', 20), undefined);
});
