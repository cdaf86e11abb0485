import assert from 'node:assert/strict';
import { test } from 'node:test';
import { breachesOf, NO_PICKS, pickState, rowsBetween, togglePicks } from './picks.ts';
import { groupBreaches, type Row, toRows, toTrayBreach } from './tray.ts';

const breach = (pbid: number, name = 'A::B') =>
  toTrayBreach({ pbid, time: pbid, score: 0.5, commentCount: 0, model: { name }, device: { did: 1 } });

const rows: Row[] = toRows(
  groupBreaches([breach(1), breach(2), breach(3, 'A::C')], 'model', { from: 0, to: 10 }),
  new Set(),
);
const [single, group] = [
  rows.find((row) => row.kind === 'breach')!,
  rows.find((row) => row.kind === 'group')!,
];

test('a group stands for all its breaches', () => {
  assert.deepEqual([breachesOf(single), breachesOf(group)], [[3], [1, 2]]);
});

test('a half picked group is mixed; the next press picks the rest, the one after it none', () => {
  const half = new Set([2]);
  assert.equal(pickState(half, [1, 2]), 'mixed');
  const full = togglePicks(half, [1, 2]);
  assert.equal(pickState(full, [1, 2]), 'true');
  assert.equal(pickState(togglePicks(full, [1, 2]), [1, 2]), 'false');
  assert.equal(pickState(NO_PICKS, []), 'false');
});

test('a range holds both its ends, upwards as well', () => {
  assert.deepEqual(rowsBetween(rows, 1, 0), rows);
  assert.deepEqual(rowsBetween(rows, -1, 1), [rows[1]]);
});
