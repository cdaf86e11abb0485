import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  formatAgo,
  formatClock,
  formatDuration,
  formatMoment,
  formatShort,
  formatTime,
  wireTime,
} from './time-format.ts';

const T = Date.UTC(2026, 10, 21, 3, 12, 45, 120);

test('an absolute time carries its zone', () => {
  assert.equal(formatTime(T, 'utc', 'ms'), '2026-11-21 03:12:45.120Z');
  assert.equal(formatTime(T, 'utc'), '2026-11-21 03:12:45Z');
  assert.equal(formatTime(T, 'utc', 'minute'), '2026-11-21 03:12Z');
  assert.match(formatTime(T, 'local', 'minute'), /^2026-11-2[0-2] \d\d:\d\d[+-]\d\d:\d\d$/);
});

test('a time that is none is a dash, not a crash', () => {
  assert.equal(formatTime(Number.NaN, 'utc'), '-');
});

test('short forms leave out what stands elsewhere', () => {
  assert.equal(formatClock(T, 'utc'), '03:12');
  assert.equal(formatClock(T, 'utc', true), '03:12:45');
  assert.equal(formatShort(T, 'utc'), '11-21 03:12');
  assert.equal(formatMoment(T, 'utc'), '11-21 03:12:45.120');
});

test('durations take their largest unit', () => {
  assert.deepEqual([120, 1500, 45 * 60_000, 55 * 3_600_000, 14 * 86_400_000].map(formatDuration), [
    '120 ms',
    '1.5 s',
    '45 min',
    '2.3 d',
    '14 d',
  ]);
});

test('past and future are told apart', () => {
  assert.equal(formatAgo(T - 7_200_000, T), '2 h ago');
  assert.equal(formatAgo(T + 60_000, T), 'in 1 min');
  assert.equal(formatAgo(T, T), 'now');
});

test("the documented API's times are UTC, its other words are no times", () => {
  assert.equal(wireTime('2026-11-21 03:12:45'), Date.UTC(2026, 10, 21, 3, 12, 45));
  assert.deepEqual(['Never', '2026-13-41 03:12:45', ''].map(wireTime), [undefined, undefined, undefined]);
});

test('short times carry the year where it is not the present one', () => {
  const later = Date.UTC(2027, 0, 2);
  assert.deepEqual(
    [formatShort(T, 'utc', T), formatShort(T, 'utc', later)],
    ['11-21 03:12', '2026-11-21 03:12'],
  );
  assert.equal(formatMoment(T, 'utc', later), '2026-11-21 03:12:45.120');
});
