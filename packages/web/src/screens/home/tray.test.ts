import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { WireBreach, WireModel } from '../../api/documented.ts';
import {
  deviceNameOf,
  deviceScore,
  groupBreaches,
  inTrayOrder,
  nextSelection,
  rowKey,
  selectBreaches,
  splitModelName,
  type TrayFilter,
  toRows,
  toTrayBreach,
} from './tray.ts';

const ALL: TrayFilter = { min: 0, categories: [], text: '', showAcknowledged: false, showSuppressed: false };

const versions = (model: WireModel) => {
  // biome-ignore lint/suspicious/noThenProperty: the documented API names it so
  return { then: model };
};

const wire = (pbid: number, score: number, more: Partial<WireBreach> = {}): WireBreach => ({
  pbid,
  time: pbid * 1000,
  score,
  commentCount: 0,
  model: versions({ name: 'Compromise::Beaconing', category: 'Suspicious' }),
  device: { did: 1, hostname: 'ws-1', ip: '10.0.0.1' },
  ...more,
});

const scan = versions({ name: 'Device::Network Scan', category: 'Critical' });
const tray = (...breaches: WireBreach[]) => inTrayOrder(breaches.map((b) => toTrayBreach(b)));

test('the slider hides what is below it and says how much and how high', () => {
  const selection = selectBreaches(tray(wire(1, 0.9), wire(2, 0.4), wire(3, 0.22)), { ...ALL, min: 50 });
  assert.deepEqual(
    selection.shown.map((b) => b.pbid),
    [1],
  );
  assert.equal(selection.hidden.belowSlider, 2);
  assert.equal(selection.bestHidden, 40);
  assert.deepEqual([selection.histogram[18], selection.histogram[8], selection.histogram[4]], [1, 1, 1]);
});

test('every hidden breach is counted once, for the first filter that hides it', () => {
  const breaches = tray(
    wire(1, 0.9, { acknowledged: true, suppressed: true }),
    wire(2, 0.9, { suppressed: true }),
    wire(3, 0.9, { model: scan }),
    wire(4, 0.9, { device: { did: 2, hostname: 'printer' } }),
    wire(5, 0.9),
    wire(6, 1),
  );
  const { hidden, shown } = selectBreaches(breaches, {
    ...ALL,
    min: 95,
    categories: ['Suspicious'],
    text: 'WS-1 beacon',
  });
  assert.deepEqual(hidden, {
    acknowledged: 1,
    suppressed: 1,
    category: 1,
    text: 1,
    belowSlider: 1,
    total: 5,
  });
  assert.deepEqual(
    shown.map((b) => b.pbid),
    [6],
  );
});

test('acknowledged and suppressed breaches can be shown', () => {
  const breaches = tray(wire(1, 0.9, { acknowledged: true }), wire(2, 0.8, { suppressed: true }));
  assert.equal(
    selectBreaches(breaches, { ...ALL, showAcknowledged: true, showSuppressed: true }).shown.length,
    2,
  );
});

test('the highest score comes first, the newest among equals', () => {
  const { shown } = selectBreaches(tray(wire(1, 0.5), wire(2, 0.9), wire(3, 0.5)), ALL);
  assert.deepEqual(
    shown.map((b) => b.pbid),
    [2, 3, 1],
  );
});

test('a breach of 5,000 is found within a frame', () => {
  const breaches = Array.from({ length: 5000 }, (_, i) => toTrayBreach(wire(i, (i % 100) / 100)));
  assert.equal(selectBreaches(breaches, { ...ALL, min: 99 }).shown.length, 50);
});

test('compliance is a category of its own, unknown ones are informational', () => {
  const compliant = toTrayBreach(
    wire(1, 1, { model: versions({ name: 'C', category: 'Critical', compliance: true }) }),
  );
  const odd = toTrayBreach(wire(1, 1, { model: versions({ name: 'C', category: 'Odd' }) }));
  assert.deepEqual([compliant.category, odd.category], ['Compliance', 'Informational']);
});

test('a model without its present version is read as well', () => {
  assert.equal(toTrayBreach(wire(1, 1, { model: { name: 'A::B' } })).name, 'B');
});

test('tags come from the models where a short answer leaves them out', () => {
  const tagsOf = new Map([['A::B', ['AP: Egress']]]);
  const short = wire(1, 1, { model: { name: 'A::B' } });
  const long = wire(1, 1, { model: { name: 'A::B', tags: [] } });
  assert.deepEqual(
    [short, long, wire(1, 1)].map((b) => toTrayBreach(b, tagsOf).tags),
    [['AP: Egress'], [], []],
  );
});

test('model names fall apart into folders and name', () => {
  assert.deepEqual(splitModelName('A::B::C'), { folder: 'A / B', name: 'C' });
  assert.deepEqual(splitModelName('Plain'), { folder: '', name: 'Plain' });
});

test('a device has a name whatever is known of it', () => {
  assert.equal(deviceNameOf({ did: 1, devicelabel: 'Reception', hostname: 'h' }), 'Reception');
  assert.equal(deviceNameOf({ did: 1, label: 'Lobby' }), 'Lobby');
  assert.equal(deviceNameOf({ did: 1, ip: '10.0.0.1' }), '10.0.0.1');
  assert.equal(deviceNameOf({ did: 9 }), 'Device 9');
  assert.equal(deviceNameOf({ did: -6 }), 'Internal traffic');
  const { device, ...without } = wire(1, 1);
  assert.ok(device);
  assert.equal(toTrayBreach(without).deviceName, 'Device 0');
});

test('a device counts each model once, at its worst, and compliance half', () => {
  const breaches = tray(wire(1, 0.5), wire(2, 0.4), wire(3, 0.5, { model: scan }));
  assert.equal(Number(deviceScore(breaches).toFixed(3)), 0.64);
  const compliant = tray(wire(1, 1, { model: versions({ name: 'C', compliance: true }) }));
  assert.equal(deviceScore(compliant), 0.4);
});

test('groups carry count, span and spark, and open into their breaches', () => {
  const { shown } = selectBreaches(tray(wire(1, 0.5), wire(2, 0.9), wire(11, 0.7, { model: scan })), ALL);
  const groups = groupBreaches(shown, 'model', { from: 0, to: 12_000 });
  assert.deepEqual(
    groups.map((g) => [g.title, g.subtitle, g.percent, g.members.length, g.first, g.last]),
    [
      ['Beaconing', 'Compromise', 90, 2, 1000, 2000],
      ['Network Scan', 'Device', 70, 1, 11_000, 11_000],
    ],
  );
  assert.deepEqual(groups[0]?.spark, [0, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
  const rows = toRows(groups, new Set(['Compromise::Beaconing']));
  assert.deepEqual(rows.map(rowKey), ['g Compromise::Beaconing', 'b 2', 'b 1', 'b 11']);
  const devices = groupBreaches(shown, 'device', { from: 0, to: 12_000 });
  assert.deepEqual(
    devices.map((g) => [g.title, g.subtitle, g.percent]),
    [['ws-1', '10.0.0.1', 88]],
  );
});

test('when a line leaves, the selection stays in its place', () => {
  const rows = (...ids: number[]) =>
    ids.map((id) => ({ kind: 'breach' as const, breach: toTrayBreach(wire(id, 1)), isInGroup: false }));
  assert.equal(nextSelection(rows(1, 3), 'b 2', rows(1, 2, 3)), 'b 3');
  assert.equal(nextSelection(rows(1), 'b 2', rows(1, 2)), 'b 1');
  assert.equal(nextSelection(rows(1, 2), 'b 2', rows(1, 2)), 'b 2');
  assert.equal(nextSelection([], 'b 2', rows(2)), '');
});
