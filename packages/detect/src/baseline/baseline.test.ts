import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Random } from '@thymus/core';
import { Calibration } from './calibration.ts';
import { logGamma, quantileOf, surpriseOf } from './negative-binomial.ts';
import { Peers } from './peers.ts';
import { cellOf, expectation, learn, learnSilence, newSeries } from './series.ts';

const near = (actual: number, expected: number, share: number): void =>
  assert.ok(Math.abs(actual - expected) <= share * Math.abs(expected), `${actual} is not near ${expected}`);

test('the gamma function is known at its integers and halves', () => {
  near(logGamma(10), Math.log(362_880), 1e-9);
  near(logGamma(0.5), Math.log(Math.sqrt(Math.PI)), 1e-9);
});

/** The tail by summation, for whole r. */
function tail(x: number, mean: number, r: number): number {
  const p = mean / (mean + r);
  let [term, sum] = [(1 - p) ** r, 0];
  for (let k = 0; k < x; k++) {
    sum += term;
    term *= (p * (k + r)) / (k + 1);
  }
  return 1 - sum;
}

test('the tail of the negative binomial agrees with its sum', () => {
  for (const [x, mean, r] of [
    [1, 0.5, 1],
    [5, 2, 2],
    [20, 10, 3],
    [40, 10, 5],
    [3, 8, 4],
  ] as const) {
    near(surpriseOf(x, mean, r), -Math.log(tail(x, mean, r)), 1e-6);
  }
});

test('nothing is no surprise, more is more, and huge counts stay finite', () => {
  assert.equal(surpriseOf(0, 10, 1), 0);
  let last = 0;
  for (const x of [10, 20, 100, 1000, 50_000, 99_999, 200_000, 1e7]) {
    const surprise = surpriseOf(x, 5, 2);
    assert.ok(Number.isFinite(surprise) && surprise > last, `${x}: ${surprise}`);
    last = surprise;
  }
  assert.ok(surpriseOf(150_000, 100_000, 50) < 20);
  assert.ok(surpriseOf(100_001, 200_000, 50) < 1);
});

test('quantiles are in order, and zero for nothing', () => {
  assert.equal(quantileOf(0, 0, 1), 0);
  for (const mean of [0.01, 1, 100, 1e6]) {
    const [low, median, high] = [-1.645, 0, 1.645].map((z) => quantileOf(z, mean, 2));
    assert.ok(low! <= median! && median! <= high! && low! >= 0);
  }
});

test('a series learns the hour of the day, and forgets what it was ten days before', () => {
  const series = newSeries(0);
  const [busy, idle] = [cellOf(10, false), cellOf(3, false)];
  for (let day = 0; day < 30; day++) {
    learn(series, busy, 100, expectation(series, busy, 1, 0), 1);
    learnSilence(series, idle, 1);
  }
  near(expectation(series, busy, 1, 0).mean, 100, 0.15);
  assert.ok(expectation(series, idle, 1, 0).mean < 15);
  for (let day = 0; day < 30; day++) learn(series, busy, 20, expectation(series, busy, 1, 0), 1);
  assert.ok(expectation(series, busy, 1, 0).mean < 35);
});

test('one attack does not become a habit, and a suspect device teaches a tenth', () => {
  const usual = newSeries(0);
  const suspect = newSeries(0);
  const cell = cellOf(10, false);
  for (const [series, trust] of [
    [usual, 1],
    [suspect, 0.1],
  ] as const) {
    for (let day = 0; day < 30; day++) learn(series, cell, 100, expectation(series, cell, 1, 0), 1);
    learn(series, cell, 1e6, expectation(series, cell, 1, 0), trust);
  }
  assert.ok(expectation(usual, cell, 1, 0).mean < 300);
  assert.ok(expectation(suspect, cell, 1, 0).mean < 130);
});

test('days before the first traffic count as nothing', () => {
  const fresh = expectation(newSeries(0), cellOf(10, false), 1, 50);
  const late = expectation(newSeries(20), cellOf(10, false), 1, 50);
  assert.ok(late.mean < fresh.mean / 5);
});

test('chances follow how often such surprises came before', () => {
  const calibration = new Calibration();
  const random = new Random(7);
  assert.equal(calibration.chance('m', 0, 100), 1e-3);
  for (let i = 0; i < 20_000; i++) calibration.note('m', 0, random.exponential(2));
  for (const surprise of [4, 8, 12]) {
    const [chance, truth] = [calibration.chance('m', 0, surprise), Math.exp(-surprise / 2)];
    assert.ok(chance > truth / 2 && chance < truth * 3, `${surprise}: ${chance} for ${truth}`);
  }
  let last = 1;
  for (let surprise = 3; surprise < 1000; surprise *= 1.3) {
    const chance = calibration.chance('m', 0, surprise);
    assert.ok(chance <= last && chance >= 1 / (100 * 20_000));
    last = chance;
  }
});

test('a class of devices stands on its own once it is large', () => {
  const calibration = new Calibration();
  for (let i = 0; i < 2000; i++) {
    calibration.note('m', 35, 10);
    calibration.note('m', 0, 0.5);
  }
  assert.ok(calibration.chance('m', 35, 9) > 0.9);
  assert.ok(calibration.chance('m', 0, 9) < 0.01);
  const before = calibration.state.get('m')!.get(0)!.n;
  calibration.fade();
  assert.ok(calibration.state.get('m')!.get(0)!.n < before);
});

test('a new device borrows the shape of the day from devices of its type', () => {
  const peers = new Peers();
  assert.deepEqual(peers.prior('desktop', 'm', 10), { shape: 1, level: 0 });
  for (let day = 0; day < 100; day++) {
    for (let hour = 0; hour < 24; hour++) peers.note('desktop', 'm', hour, hour === 10 ? 240 : 0);
  }
  const { shape, level } = peers.prior('desktop', 'm', 10);
  near(level, 10, 0.1);
  assert.equal(shape, 4);
  assert.ok(peers.prior('desktop', 'm', 3).shape < 0.2);
  assert.equal(peers.prior('printer', 'm', 10).shape, 4);
});

test('the largest hours of a kind of devices are what 999 of 1,000 stay below, and fade', () => {
  const peers = new Peers();
  for (let hour = 0; hour < 100; hour++) peers.note('desktop', 'm', hour % 24, 3);
  assert.equal(peers.largest('desktop', 'm'), undefined);
  for (let hour = 0; hour < 9_880; hour++) peers.note('desktop', 'm', hour % 24, hour % 10);
  for (let hour = 0; hour < 20; hour++) peers.note('desktop', 'm', hour, 1000);
  near(peers.largest('desktop', 'm')!, 1000, 0.2);
  near(peers.largest('printer', 'm')!, 1000, 0.2);
  for (let day = 0; day < 60; day++) peers.fade();
  for (let hour = 0; hour < 2_000; hour++) peers.note('desktop', 'm', hour % 24, 10);
  near(peers.largest('desktop', 'm')!, 10, 0.2);
  peers.note('desktop', 'm', 0, 1e12);
  assert.ok(Number.isFinite(peers.largest('desktop', 'm')));
});
