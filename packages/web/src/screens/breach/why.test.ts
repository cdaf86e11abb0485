import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  type Component,
  type Explanation,
  evidenceWindow,
  figuresOf,
  formula,
  gaugeOf,
  isConsistent,
  letterOf,
  scoreSteps,
  uidsOf,
} from './why.ts';

const component = (more: Partial<Component> = {}): Component => ({
  index: 0,
  cid: 1,
  metric: 'externalDataOut',
  label: 'External data out',
  unit: 'bytes',
  time: 1_000_000,
  size: 1_800_000_000,
  threshold: 20_000_000,
  interval: 3600,
  filters: [],
  evidence: { from: 900_000, to: 1_000_000, uids: ['C1'] },
  ...more,
});

const explanation = (more: Partial<Explanation> = {}): Explanation => ({
  pbid: 1,
  did: 1,
  time: 1_000_000,
  score: 0.4,
  pbscore: 0.67,
  parts: {
    priority: 3,
    base: 0.674,
    probability: 1e-6,
    behaviour: 'decreasing',
    deviceRepeats: 1.34,
    networkRepeats: 0,
    learningFactor: 1,
  },
  components: [component()],
  model: { name: 'A::B', description: '', action: '', changed: false },
  suppressed: false,
  learning: false,
  delayed: false,
  ...more,
});

test('the steps multiply to the score', () => {
  const steps = scoreSteps(explanation());
  assert.deepEqual(
    steps.map((s) => s.name),
    ['Base', 'Strength', 'Habituation'],
  );
  assert.equal(formula(steps), '0.674 × 1 × 0.599 = 40 %');
  assert.match(steps[2]?.why ?? '', /1\.3 by this device/);
  assert.equal(isConsistent(explanation({ score: 0.404 })), true);
  assert.equal(isConsistent(explanation({ score: 0.5 })), false);
});

test('learning is a step of its own while it lasts', () => {
  const { parts } = explanation();
  const steps = scoreSteps({ parts: { ...parts, learningFactor: 0.6, behaviour: 'new kind' } });
  assert.deepEqual(
    steps.map((s) => s.name),
    ['Base', 'Strength', 'Learning', 'Habituation'],
  );
  assert.match(steps[3]?.why ?? '', /^new kind;/);
});

test('a score that would vanish stands at the lowest', () => {
  const { parts } = explanation();
  const steps = scoreSteps({ parts: { ...parts, deviceRepeats: 100 } });
  assert.equal(steps.at(-1)?.name, 'Lowest score');
  assert.equal(Number(steps.at(-1)?.after.toFixed(6)), 0.05);
});

test('figures are told in the unit of the metric', () => {
  assert.deepEqual(figuresOf(component({ usual: { low: 0, median: 2e6, high: 14e6, hours: 300 } })), {
    observed: '1.8 GB',
    required: 'more than 20 MB in 1 h',
    usual: '0 B to 14 MB, median 2 MB',
  });
  const plain = figuresOf(component({ unit: '', size: 3, threshold: 0, interval: 90 }));
  assert.deepEqual(plain, { observed: '3', required: 'more than 0 in 90 s', usual: undefined });
  assert.match(figuresOf(component({ interval: 172_800 })).required, /in 2 d$/);
  assert.match(figuresOf(component({ interval: 600 })).required, /in 10 min$/);
});

test('the gauge keeps order and never divides by zero', () => {
  const gauge = gaugeOf(component({ usual: { low: 0, median: 2e6, high: 14e6, hours: 300 } }));
  assert.equal(gauge.observed, 1);
  assert.ok(gauge.band && gauge.band.low === 0 && gauge.band.high < gauge.threshold && gauge.threshold < 1);
  assert.deepEqual(gaugeOf(component({ size: 0, threshold: 0 })), {
    observed: 0,
    threshold: 0,
    band: undefined,
  });
});

test('the evidence of all components lies in one window, each uid once', () => {
  const two = explanation({
    components: [component(), component({ evidence: { from: 500_000, to: 950_000, uids: ['C1', 'C2'] } })],
  });
  assert.deepEqual(evidenceWindow(two), { from: 440_000, to: 1_060_000 });
  assert.deepEqual(evidenceWindow(explanation({ components: [] })), { from: 940_000, to: 1_060_000 });
  assert.deepEqual(uidsOf(two), ['C1', 'C2']);
  assert.equal(letterOf(2), 'C');
});
