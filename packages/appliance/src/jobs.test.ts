import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { ThymusError } from '@thymus/core';
import { State } from '@thymus/store';
import { EventHub } from './http/event-hub.ts';
import { Jobs } from './jobs.ts';
import type { Pipeline } from './pipeline.ts';

/** Jobs over a state of their own; of the pipeline, only the state and whether it closes are looked at. */
async function withJobs(use: (jobs: Jobs, state: State, pipeline: { isClosing: boolean }) => Promise<void>) {
  const folder = mkdtempSync(join(tmpdir(), 'thymus-jobs-'));
  const state = await State.open(join(folder, 'state.sqlite'), join(folder, 'key'));
  const pipeline = { stores: { state }, isClosing: false };
  try {
    await use(new Jobs(pipeline as unknown as Pipeline, new EventHub('1')), state, pipeline);
  } finally {
    await state.close();
    rmSync(folder, { recursive: true });
  }
}

test('followed work is a job with progress, done when it ends', () =>
  withJobs(async (jobs, state) => {
    await jobs.follow('demo', { seed: 1 }, async (tell) => {
      tell({ done: 10, total: 10, records: 3 });
    });
    const [job] = await state.jobs();
    assert.deepEqual(
      [job?.kind, job?.state, job?.progress],
      ['demo', 'done', { done: 10, total: 10, records: 3 }],
    );
  }));

test('followed work that fails says why, and the caller hears of it', () =>
  withJobs(async (jobs, state) => {
    const fail = () => Promise.reject(new ThymusError('DISK_FULL', 'no room'));
    await assert.rejects(jobs.follow('demo', {}, fail), /no room/);
    const [job] = await state.jobs();
    assert.deepEqual([job?.state, job?.result], ['failed', { error: 'DISK_FULL', message: 'no room' }]);
  }));

test('followed work that a stop interrupts goes on under its number', () =>
  withJobs(async (jobs, state, pipeline) => {
    pipeline.isClosing = true;
    await assert.rejects(jobs.follow('demo', {}, () => Promise.reject(new Error('stopped'))));
    assert.equal((await state.jobs())[0]?.state, 'running');
    pipeline.isClosing = false;
    await jobs.follow('demo', {}, async () => {});
    assert.deepEqual(
      (await state.jobs()).map((job) => job.state),
      ['done'],
    );
  }));
