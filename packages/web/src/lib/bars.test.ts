import assert from 'node:assert/strict';
import { test } from 'node:test';
import { barPath, columnAt, dragged, stack, ticks } from './bars.ts';

const PLOT = { from: 0, to: 100, interval: 10, width: 1000, height: 50 };

test('counts of the same step stand on each other, the most frequent kind lowest', () => {
  const stacked = stack([
    { key: 10, kind: 'dns', count: 1 },
    { key: 0, kind: 'conn', count: 4 },
    { key: 10, kind: 'conn', count: 3 },
  ]);
  assert.deepEqual(stacked.kinds, [
    { name: 'conn', total: 7 },
    { name: 'dns', total: 1 },
  ]);
  assert.deepEqual(stacked.columns, [
    { start: 0, parts: [4, 0], total: 4 },
    { start: 10, parts: [3, 1], total: 4 },
  ]);
  assert.equal(stacked.most, 4);
  assert.equal(barPath(stacked, 1, PLOT), 'M100.0 0.0h86.0v12.5h-86.0z');
});

test('more than eight kinds become seven and the rest', () => {
  const counts = Array.from({ length: 12 }, (_, i) => ({ key: 0, kind: `k${i}`, count: 100 - i }));
  const stacked = stack(counts);
  assert.equal(stacked.kinds.length, 8);
  assert.deepEqual(stacked.kinds.at(-1), { name: 'other', total: 93 + 92 + 91 + 90 + 89 });
  assert.equal(stacked.total, stacked.columns[0]?.total);
});

test('the pointer finds the column below it', () => {
  const stacked = stack([{ key: 10, kind: 'conn', count: 3 }]);
  assert.equal(columnAt(stacked, 0.15, PLOT)?.total, 3);
  assert.equal(columnAt(stacked, 0.2, PLOT), undefined);
});

test('nothing draws nothing', () => {
  const stacked = stack([]);
  assert.deepEqual([stacked.most, stacked.total, barPath(stacked, 0, PLOT)], [0, 0, '']);
});

test('a single record in a busy window stays visible', () => {
  const stacked = stack([
    { key: 0, kind: 'conn', count: 1_000_000 },
    { key: 10, kind: 'conn', count: 1 },
  ]);
  assert.match(barPath(stacked, 0, PLOT), /M100\.0 49\.0h86\.0v1\.0/);
});

test('ticks stand at round times, and midnight shows its date', () => {
  const from = Date.UTC(2026, 10, 20, 21, 5);
  const list = ticks({ from, to: from + 8 * 3_600_000 }, 8, 'utc');
  assert.deepEqual(
    list.map((t) => t.label),
    ['22:00', '23:00', '11-21', '01:00', '02:00', '03:00', '04:00', '05:00'],
  );
  assert.equal(list[0]?.at, 55 / 480);
});

test('a drag means whole steps inside the window, a click means nothing', () => {
  assert.deepEqual(dragged(0.52, 0.21, PLOT), { from: 20, to: 60 });
  assert.deepEqual(dragged(-0.2, 1.3, PLOT), { from: 0, to: 100 });
  assert.equal(dragged(0.5, 0.502, PLOT), undefined);
});

test('ticks carry the year where months would repeat', () => {
  const from = Date.UTC(2022, 0, 1);
  const labels = ticks({ from, to: Date.UTC(2026, 0, 1) }, 6, 'utc').map((t) => t.label);
  assert.ok(labels.length > 2 && labels.every((label) => /^20\d\d-\d\d-\d\d$/.test(label)));
});
