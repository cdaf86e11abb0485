import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  baseOf,
  habituationOf,
  LOWEST_SCORE,
  type ScoreParts,
  scoreFactors,
  scoreOf,
  strengthOf,
} from './score.ts';

const parts = (more: Partial<ScoreParts>): ScoreParts => ({
  priority: 3,
  base: baseOf(3),
  probability: 1e-6,
  behaviour: 'decreasing',
  deviceRepeats: 0,
  networkRepeats: 0,
  learningFactor: 1,
  ...more,
});

test('a first, strong breach scores what its priority says', () => {
  const scores = [0, 1, 2, 3, 4, 5].map(
    (priority) => scoreOf(parts({ priority, base: baseOf(priority) })).score,
  );
  assert.deepEqual(scores, [0.25, 0.25, 0.5, 0.674, 0.871, 1]);
});

test('recorded scores of a repeated breach of priority 5 lie on the curve', () => {
  const at = (deviceRepeats: number) => scoreOf(parts({ priority: 5, base: 1, deviceRepeats })).score;
  assert.ok(Math.abs(at(1.27) - 0.612) < 0.002);
  assert.ok(Math.abs(at(1.7) - 0.541) < 0.002);
});

test('behaviours fall, stay, peak at the third and rise', () => {
  const curve = (behaviour: string) =>
    [0, 1, 2, 3, 4].map((n) => Number(habituationOf(behaviour, n, 0).toFixed(3)));
  assert.deepEqual(curve('decreasing'), [1, 0.667, 0.5, 0.4, 0.333]);
  assert.deepEqual(curve('flat'), [1, 1, 1, 1, 1]);
  assert.deepEqual(curve('increasing'), [0.4, 0.6, 0.8, 1, 1]);
  assert.deepEqual(curve('incdec1'), [0.7, 0.85, 1, 0.667, 0.5]);
  assert.ok(habituationOf('decreasing', 0, 5) < 1);
});

test('a behaviour nobody has heard of changes nothing', () => {
  assert.equal(habituationOf('unheard of', 5, 5), 1);
});

test('a chance of one in a million is full strength, a sure event none', () => {
  assert.deepEqual([1e-6, 1e-9, 1e-3, 1, 0].map(strengthOf), [1, 1, 0.5, 0, 1]);
});

test('the score is the product of its factors', () => {
  const told = parts({ probability: 1e-3, learningFactor: 0.6, deviceRepeats: 1 });
  const { base, strength, learning, habituation } = scoreFactors(told);
  assert.equal(scoreOf(told).score, Number((base * strength * learning * habituation).toFixed(3)));
  assert.equal(scoreOf(told).pbscore, Number((base * strength * learning).toFixed(3)));
});

test('the score never falls below its floor nor rises above 1', () => {
  assert.equal(scoreOf(parts({ deviceRepeats: 1000 })).score, LOWEST_SCORE);
  assert.equal(scoreOf(parts({ priority: 5, base: 1, probability: 0 })).score, 1);
  assert.equal(baseOf(9), 1);
});
