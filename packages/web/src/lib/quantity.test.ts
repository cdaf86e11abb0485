import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatBytes, formatChance, formatCompact, formatCount, formatQuantity } from './quantity.ts';

test('bytes keep three figures and change unit before four digits', () => {
  assert.deepEqual([0, 999, 1000, 999_999, 1_800_000_000].map(formatBytes), [
    '0 B',
    '999 B',
    '1 kB',
    '1 MB',
    '1.8 GB',
  ]);
});

test('what is no number is a dash', () => {
  assert.deepEqual(
    [formatCount(undefined), formatCount(Number.NaN), formatBytes(Number.NaN), formatCompact(Infinity)],
    ['-', '-', '-', '-'],
  );
});

test('a value is written in the unit of its metric', () => {
  assert.equal(formatQuantity(20_000_000, 'bytes'), '20 MB');
  assert.equal(formatQuantity(3214, 'connections'), '3,214 connections');
  assert.deepEqual(
    [0.123456, 0.00173, 63.4567].map((n) => formatQuantity(n)),
    ['0.12', '< 0.01', '63.5'],
  );
});

test('small chances are told as one in many', () => {
  assert.equal(formatChance(0.05), '5 %');
  assert.equal(formatChance(0.0000011), '1 in 910K');
  assert.equal(formatChance(0), 'practically never');
  assert.equal(formatChance(Number.NaN), 'practically never');
});
