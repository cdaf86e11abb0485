import assert from 'node:assert/strict';
import { test } from 'node:test';
import { countOutside, joinSeries, metricStep } from './series.ts';

const HOUR = 3_600_000;
const metric = { name: 'm', label: 'M', unit: 'bytes' };

test('hours above their band are marked', () => {
  const series = joinSeries(
    {
      metric,
      interval: HOUR,
      observed: [
        { time: 0, value: 5 },
        { time: HOUR, value: 50 },
        { time: 2 * HOUR, value: 7 },
      ],
      band: [
        { time: 0, low: 1, median: 4, high: 10 },
        { time: HOUR, low: 1, median: 4, high: 10 },
      ],
    },
    { from: 0, to: 3 * HOUR },
  );
  assert.deepEqual(series, {
    times: [0, 3600, 7200],
    low: [1, 1, null],
    high: [10, 10, null],
    median: [4, 4, null],
    observed: [5, 50, 7],
    outside: [null, 50, null],
  });
  assert.equal(countOutside(series), 1);
});

test('parts of an hour have its band, but are not compared with it', () => {
  const series = joinSeries(
    {
      metric,
      interval: HOUR / 2,
      observed: [{ time: HOUR / 2, value: 50 }],
      band: [{ time: 0, low: 1, median: 4, high: 10 }],
    },
    { from: 0, to: HOUR },
  );
  assert.deepEqual(
    [series.high, series.outside],
    [
      [10, 10],
      [null, null],
    ],
  );
});

test('graphs have hours as steps unless the window is very short or very long', () => {
  const step = (hours: number) => metricStep({ from: 0, to: hours * HOUR });
  assert.deepEqual([step(1), step(6), step(24 * 90), step(24 * 365)], [undefined, HOUR, HOUR, undefined]);
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
