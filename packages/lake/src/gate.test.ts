import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ThymusError } from '@thymus/core';
import { Gate } from './gate.ts';

test('as many run as there are places, the next wait in order, the rest are turned away', async () => {
  const gate = new Gate(2, 1);
  const log: string[] = [];
  const ends: (() => void)[] = [];
  const work = (name: string) => () => {
    log.push(name);
    return new Promise<void>((done) => ends.push(done));
  };
  const all = [gate.run(work('a')), gate.run(work('b')), gate.run(work('c'))];
  await assert.rejects(gate.run(work('d')), (e) => e instanceof ThymusError && e.code === 'QUERY_LIMIT');
  assert.deepEqual(log, ['a', 'b']);
  ends[0]!();
  await all[0];
  assert.deepEqual(log, ['a', 'b', 'c']);
  ends[1]!();
  ends[2]!();
  await Promise.all(all);
});

test('work that fails gives its place free', async () => {
  const gate = new Gate(1, 0);
  await assert.rejects(
    gate.run(() => Promise.reject(new Error('no'))),
    /no/,
  );
  assert.equal(await gate.run(async () => 5), 5);
});
