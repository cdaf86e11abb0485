import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  absolute,
  describeRange,
  keepRange,
  parseRange,
  resolveRange,
  shift,
  stepFor,
  zoom,
} from './time-range.ts';

const NEWEST = Date.UTC(2026, 10, 21, 3, 12, 45);
const HOUR = 3_600_000;

/** Ten days of data up to now. */
const extent = (newest: number) => ({ oldest: newest - 240 * HOUR, newest, clock: newest });

test('without a range, the last 24 hours of the data are shown, not of the clock', () => {
  const window = resolveRange({}, extent(NEWEST));
  assert.deepEqual(window, {
    from: Date.UTC(2026, 10, 20, 3, 13),
    to: Date.UTC(2026, 10, 21, 3, 13),
    preset: '24h',
  });
});

test('captures of another day are shown whole, as their last day alone would hide most of them', () => {
  const imported = { ...extent(NEWEST), clock: NEWEST + 500 * HOUR };
  assert.deepEqual(resolveRange({}, imported), {
    from: Date.UTC(2026, 10, 11, 3, 12),
    to: Date.UTC(2026, 10, 21, 3, 13),
    preset: 'all',
  });
  assert.equal(resolveRange({ range: '24h' }, imported).preset, '24h');
});

test('everything of a single record is still a window', () => {
  const { from, to } = resolveRange({ range: 'all' }, { oldest: NEWEST, newest: NEWEST, clock: NEWEST });
  assert.ok(from <= NEWEST && NEWEST < to);
});

test('an absolute range wins over a preset, as text or as milliseconds', () => {
  const search = parseRange({ range: '7d', from: '2026-11-20T00:00:00Z', to: String(NEWEST) });
  assert.deepEqual(resolveRange(search, extent(0)), { from: Date.UTC(2026, 10, 20), to: NEWEST });
});

test('a range that makes no sense is ignored', () => {
  for (const search of [
    { from: 'yesterday', to: 'now' },
    { from: '2026-11-20', to: '2026-11-19' },
    { from: '9e99', to: '1e300' },
    { range: '5 years' },
    { range: 'constructor' },
    { from: ['2026-11-20'], to: {} },
  ])
    assert.deepEqual(parseRange(search), { range: undefined, from: undefined, to: undefined });
});

test('a broken preset that slipped through is the default', () => {
  const broken = { range: '24h?x' } as unknown as { range: '24h' };
  assert.equal(resolveRange(broken, extent(NEWEST)).preset, '24h');
});

test('the range goes along to the next screen unless that brings its own', () => {
  const week = { range: '7d' } as const;
  assert.deepEqual(keepRange(week, {}), { range: '7d', from: undefined, to: undefined });
  assert.deepEqual(keepRange(week, { range: '24h' }), { range: '24h' });
  const fixed = absolute(0, 5000);
  assert.deepEqual(keepRange(week, fixed), fixed);
});

test('an absolute range is at least a second long and survives the URL', () => {
  const range = absolute(NEWEST, NEWEST);
  assert.deepEqual(parseRange(range), { range: undefined, ...range });
  assert.equal(resolveRange(range, extent(0)).to - resolveRange(range, extent(0)).from, 1000);
});

test('zooming keeps the middle and stops at a minute, shifting keeps the length', () => {
  const window = { from: NEWEST - HOUR, to: NEWEST + HOUR };
  assert.deepEqual(resolveRange(zoom(window, 0.5), extent(0)), {
    from: NEWEST - HOUR / 2,
    to: NEWEST + HOUR / 2,
  });
  const small = resolveRange(zoom({ from: NEWEST, to: NEWEST + 1000 }, 0.1), extent(0));
  assert.equal(small.to - small.from, 60_000);
  assert.deepEqual(resolveRange(shift(window, -0.5), extent(0)), { from: NEWEST - 2 * HOUR, to: NEWEST });
});

test('the top bar names presets and writes out absolute ranges', () => {
  assert.equal(describeRange(resolveRange({ range: '7d' }, extent(NEWEST)), 'utc'), 'Last 7 days');
  assert.equal(describeRange({ from: NEWEST - HOUR, to: NEWEST }, 'utc'), '2026-11-21 02:12 → 11-21 03:12');
});

test('steps are round and cut a window into no more parts than asked', () => {
  assert.equal(stepFor({ from: 0, to: 24 * HOUR }, 120), 15 * 60_000);
  assert.equal(stepFor({ from: 0, to: 60_000 }, 120), 1000);
  assert.equal(stepFor({ from: 0, to: 3650 * 24 * HOUR }, 100), 37 * 24 * HOUR);
});
