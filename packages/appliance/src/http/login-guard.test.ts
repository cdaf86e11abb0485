import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FailureCounter, Gate, waitAfter } from './login-guard.ts';
import { madePassword, weakness } from './passwords.ts';

test('waiting doubles from the fifth failure up to a quarter of an hour', () => {
  assert.deepEqual(
    [0, 4, 5, 6, 7, 12, 13, 50].map(waitAfter),
    [0, 0, 5000, 10_000, 20_000, 640_000, 900_000, 900_000],
  );
});

test('failures are counted by key and forgotten on success', () => {
  const counter = new FailureCounter();
  for (let i = 0; i < 5; i++) counter.fail('a', 1000);
  assert.equal(counter.waiting('a', 2000), 4000);
  assert.equal(counter.waiting('b', 2000), 0);
  assert.equal(counter.waiting('a', 9000), 0);
  counter.succeed('a');
  counter.fail('a', 1000);
  assert.equal(counter.waiting('a', 1000), 0);
});

test('memory for failures is bounded; the latest are kept', () => {
  const counter = new FailureCounter();
  for (let i = 0; i < 5; i++) counter.fail('first', 0);
  for (let i = 0; i < 10_000; i++) counter.fail(`k${i}`, 0);
  assert.equal(counter.waiting('first', 0), 0);
});

test('a gate lets some run, some wait, and turns the rest away', async () => {
  const gate = new Gate(1, 1);
  const { promise, resolve } = Promise.withResolvers<void>();
  const first = gate.run(() => promise.then(() => 'first'));
  const second = gate.run(async () => 'second');
  assert.equal(await gate.run(async () => 'third'), undefined);
  resolve();
  assert.deepEqual(await Promise.all([first, second]), ['first', 'second']);
  await assert.rejects(
    gate.run(() => Promise.reject(new Error('inside'))),
    /inside/,
  );
  assert.equal(await gate.run(async () => 'again'), 'again');
});

test('passwords that everybody tries are refused', () => {
  for (const weak of [
    'aaaaaaaaaaaa',
    'abcdefghijkl',
    '987654321098',
    'thymus-password',
    'annannann-12',
    'password1234',
  ]) {
    assert.notEqual(weakness(weak, 'ann'), undefined, weak);
  }
  for (const good of ['correct horse battery', 'xK7-pQ2-mR9-vL4', madePassword()]) {
    assert.equal(weakness(good, 'ann'), undefined, good);
  }
  assert.notEqual(madePassword(), madePassword());
});
