import assert from 'node:assert/strict';
import { test } from 'node:test';
import { neighbourOf, rememberList } from './last-list.ts';

test('the neighbours are those of the list, and there are none beyond its ends', () => {
  rememberList([30, 10, 20]);
  assert.deepEqual([neighbourOf(10, -1), neighbourOf(10, 1)], [30, 20]);
  assert.deepEqual(
    [neighbourOf(30, -1), neighbourOf(20, 1), neighbourOf(99, 1)],
    [undefined, undefined, undefined],
  );
  rememberList([]);
});
