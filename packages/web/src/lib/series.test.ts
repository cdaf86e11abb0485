import assert from 'node:assert/strict';
import { test } from 'node:test';
import { countOutside, joinSeries } from './series.ts';

const HOUR = 3_600_000;
const metric = { name: 'm', label: 'M', unit: 'bytes' };

test('the band of an hour holds for its steps, what lies above is marked', () => {
  const series = joinSeries(
    {
      metric,
      interval: HOUR / 2,
      observed: [
        { time: 0, value: 5 },
        { time: HOUR / 2, value: 50 },
        { time: HOUR, value: 7 },
      ],
      band: [{ time: 0, low: 1, median: 4, high: 10 }],
    },
    { from: 0, to: 1.5 * HOUR },
  );
  assert.deepEqual(series, {
    times: [0, 1800, 3600],
    low: [1, 1, null],
    high: [10, 10, null],
    median: [4, 4, null],
    observed: [5, 50, 7],
    outside: [null, 50, null],
  });
  assert.equal(countOutside(series), 1);
});

test('silence inside the known time is zero, outside it is a gap', () => {
  const series = joinSeries(
    {
      metric,
      interval: HOUR,
      observed: [
        { time: HOUR, value: 1 },
        { time: 3 * HOUR, value: 1 },
      ],
      band: [],
    },
    { from: 0, to: 6 * HOUR },
  );
  assert.deepEqual(series.observed, [null, 1, 0, 1, null, null]);
});

test('a metric without any value draws nothing', () => {
  const series = joinSeries({ metric, interval: HOUR, observed: [], band: [] }, { from: 0, to: 2 * HOUR });
  assert.deepEqual(series.observed, [null, null]);
  assert.equal(countOutside(series), 0);
});
