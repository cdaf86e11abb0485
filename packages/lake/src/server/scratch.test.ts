import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { makeScratch } from './scratch.ts';

test('what a killed process left is cleared away by the next owner of the folder', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'thymus-scratch-'));
  const fast = join(dir, 'fast');
  await mkdir(fast);
  const first = await makeScratch(dir, fast);
  await writeFile(join(first, '7.block'), 'left behind');
  assert.equal(await makeScratch(dir, fast), first);
  assert.deepEqual(await readdir(first), []);
  assert.equal((await stat(first)).mode & 0o777, 0o700);
  await rm(dir, { recursive: true });
});

test('without memory to share, blocks go through the data folder', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'thymus-scratch-'));
  assert.equal(await makeScratch(dir, join(dir, 'nowhere')), join(dir, 'thymus-scratch'));
  await rm(dir, { recursive: true });
});
