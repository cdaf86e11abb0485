import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bandOf, percentOf } from './score.ts';

test('bands begin at 20, 40, 60 and 80', () => {
  const names = [0, 19, 20, 39, 40, 59, 60, 79, 80, 100].map((p) => bandOf(p).name);
  assert.deepEqual(names, [
    'trace',
    'trace',
    'low',
    'low',
    'moderate',
    'moderate',
    'high',
    'high',
    'critical',
    'critical',
  ]);
});

test('a percent is a whole number from 0 to 100, whatever comes in', () => {
  assert.deepEqual([0.415, 1.7, -1, Number.NaN].map(percentOf), [42, 100, 0, 0]);
  assert.equal(bandOf(-5).name, 'trace');
});
