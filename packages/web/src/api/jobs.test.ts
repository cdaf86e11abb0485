import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Job, runningJob, shareOf, withJob } from './jobs.ts';

const job = (id: number, state: Job['state'], done = 0): Job => ({
  id,
  kind: 'ingest',
  state,
  created: id,
  arguments: {},
  progress: { done, total: 200, records: done },
  result: null,
});

test('a job that moves on takes its old place, a new one comes first', () => {
  const list = [job(2, 'running'), job(1, 'done')];
  assert.deepEqual(
    withJob(list, job(2, 'running', 50))?.map((j) => j.progress?.done),
    [50, 0],
  );
  assert.deepEqual(
    withJob(list, job(3, 'running'))?.map((j) => j.id),
    [3, 2, 1],
  );
  assert.equal(withJob(undefined, job(1, 'running')), undefined);
});

test('only running jobs are told of', () => {
  assert.equal(runningJob([job(2, 'failed'), job(1, 'running')])?.id, 1);
  assert.equal(runningJob([job(1, 'cancelled')]), undefined);
  assert.equal(runningJob(undefined), undefined);
});

test('the share stays between nothing and all, and is unknown before the first word', () => {
  assert.deepEqual([job(1, 'running', 50), job(1, 'running', 900)].map(shareOf), [0.25, 1]);
  assert.equal(shareOf({ progress: null }), undefined);
  assert.equal(shareOf({ progress: { done: 0, total: 0, records: 0 } }), undefined);
});
