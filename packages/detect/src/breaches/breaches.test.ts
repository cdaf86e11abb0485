import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DAY, ThymusError } from '@thymus/core';
import { Detector } from '../engine.ts';
import { conn, DESK, OUTSIDE, options, run, SERVER, START } from '../fixtures/records.ts';
import type { Comparator, Model } from '../model.ts';
import { component, filter, model } from '../models/definition.ts';
import { combined } from './chance.ts';
import { testOf } from './compare.ts';
import { holds, parseCondition } from './logic.ts';
import { faded } from './memory.ts';
import { add, newWindow } from './window.ts';

test('chances combine to about the smallest times their number', () => {
  assert.equal(combined([]), 1);
  assert.equal(combined([0.01]), 0.01);
  assert.ok(Math.abs(combined([1e-8, 0.5]) / 2e-8 - 1) < 0.01);
  assert.ok(Math.abs(combined([0.3, 0.3]) - 0.3) < 1e-9);
});

test('conditions read AND before OR, and brackets first', () => {
  const truth = (text: string, ...values: boolean[]) =>
    holds(parseCondition(text, values.length), (i) => values[i]!);
  assert.equal(truth('A OR B AND C', true, false, false), true);
  assert.equal(truth('(A OR B) AND C', true, false, false), false);
  assert.equal(truth('A AND (B OR C)', true, false, true), true);
  for (const bad of ['', 'A AND', '(A', 'A B', 'D', 'A AND (B', 'AND', 'A)']) {
    assert.throws(() => parseCondition(bad, 3), ThymusError, bad);
  }
});

test('comparators hold for the values they are made for', () => {
  const cases: [Comparator, string | number, string | number | undefined, boolean][] = [
    ['<', 5, 4, true],
    ['<=', 5, 5, true],
    ['=', 5, 5, true],
    ['!=', 5, 5, false],
    ['>=', 5, 4, false],
    ['>', 5, undefined, false],
    ['is', 'Out', 'out', true],
    ['is', 'x', undefined, false],
    ['is not', 'x', undefined, true],
    ['has tag', 'admin', 'Admin', true],
    ['does not have tag', 'admin', 'x', true],
    ['contains', 'ell', 'Hello', true],
    ['does not contain', 'ell', 'Hello', false],
    ['matches', '*.example.com', 'a.b.example.com', true],
    ['matches', 'a.c', 'abc', false],
    ['does not match', 'a*', 'abc', false],
    ['matches regular expression', '^a.c$', 'ABC', true],
    ['does not match regular expression', '^a.c$', 'abd', true],
    ['is longer than', 3, 'abcd', true],
    ['is shorter than', 3, 'abcd', false],
    ['display', '', undefined, true],
  ];
  for (const [comparator, value, seen, expected] of cases) {
    assert.equal(testOf({ type: 'x', comparator, value })(seen), expected, `${seen} ${comparator} ${value}`);
  }
  assert.throws(
    () => testOf({ type: 'x', comparator: 'matches regular expression', value: '(' }),
    ThymusError,
  );
});

test('a window adds up its interval and forgets what lies before', () => {
  const window = newWindow(0);
  assert.equal(add(window, 0, 1000, 1, 'a', 0.5), 1);
  assert.equal(add(window, 500, 1000, 2, 'b', 1), 3);
  assert.equal(add(window, 1050, 1000, 4, 'c', 1), 6);
  assert.equal(add(window, 900, 1000, 1, 'c', 1), 7);
  assert.equal(add(window, 9000, 1000, 1, 'd', 1), 1);
  assert.deepEqual(window.uids, ['d']);
  for (let i = 0; i < 100; i++) add(window, 9000, 1000, 1, `u${i}`, 1);
  assert.equal(window.uids.length, 50);
});

test('repeats halve in two weeks', () => {
  assert.equal(faded(undefined, 0), 0);
  assert.equal(faded({ n: 4, at: 0 }, 14 * DAY), 2);
});

const DIRECT = {
  description: 'x',
  priority: 3,
  category: 'Suspicious',
  mitre: { tactics: [], techniques: [] },
  direct: true,
  action: 'x',
} as const;
const toPort = (port: number, weight?: number) =>
  component(
    'connections',
    0,
    60,
    [filter('Destination port', '=', port)],
    weight === undefined ? {} : { weight },
  );
const named = (name: string, more: Partial<Model>): Model =>
  model({ ...DIRECT, name, components: [toPort(1), toPort(2)], ...more });
const fired = (m: Model, ...ports: [ms: number, port: number, dest?: string][]) =>
  run(
    ports.map(([ms, port, dest = SERVER]) => conn(START + ms, DESK, dest, port)),
    [m],
  ).breaches;

test('a checklist needs all of its components within its interval', () => {
  const m = named('all', { interval: 60 });
  assert.equal(fired(m, [0, 1]).length, 0);
  assert.equal(fired(m, [0, 1], [120_000, 2]).length, 0);
  const [breach] = fired(m, [0, 2], [1000, 1]);
  assert.deepEqual(
    breach?.components.map((c) => c.index),
    [0, 1],
  );
});

test('a sequence needs them in order', () => {
  const m = named('sequence', { sequenced: true });
  assert.equal(fired(m, [0, 2], [1000, 1]).length, 0);
  assert.equal(fired(m, [0, 1], [1000, 2]).length, 1);
});

test('shared endpoints have to be the same', () => {
  const m = named('shared', { sharedEndpoints: true });
  assert.equal(fired(m, [0, 1, OUTSIDE], [1000, 2, SERVER]).length, 0);
  assert.equal(fired(m, [0, 1, OUTSIDE], [1000, 2, OUTSIDE]).length, 1);
});

test('weights add up to the target, and a negative one vetoes', () => {
  const m = named('weights', { targetScore: 2, components: [toPort(1, 1), toPort(2, 1), toPort(3, -100)] });
  assert.equal(fired(m, [0, 1]).length, 0);
  assert.equal(fired(m, [0, 1], [1000, 2]).length, 1);
  assert.equal(fired(m, [0, 3], [1000, 1], [2000, 2]).length, 0);
});

test('counting apart for each endpoint does not add up over them', () => {
  const apart = named('apart', { components: [component('connections', 5, 60, [], { each: 'endpoint' })] });
  const together = named('together', { components: [component('connections', 5, 60, [])] });
  const spread = [1, 2, 3, 4, 5, 6, 7, 8].map((i): [number, number, string] => [i * 100, 443, `10.0.5.${i}`]);
  assert.equal(fired(apart, ...spread).length, 0);
  assert.equal(fired(together, ...spread).length, 1);
});

test('a model that changed its components starts its windows anew', () => {
  const before = new Detector(options([named('m', {})]));
  before.observe(conn(START, DESK, SERVER, 1), 's');
  const after = new Detector(options([named('m', { components: [toPort(2)] })]), before.snapshot());
  after.observe(conn(START + 1000, DESK, SERVER, 2), 's');
  assert.equal(after.drain().breaches.length, 1);
});
