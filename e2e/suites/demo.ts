/**
 * The load of the simulated estate is killed with SIGKILL and started again: in the end the data folder must hold
 * exactly the records and breaches of a load that nobody interrupted. `--kills=N`, `--seed=N`.
 */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { Random } from '@thymus/core';
import { askFolder, type Running, startProgram } from '../src/program.ts';
import { numberOption, type SuiteContext } from '../src/suite-context.ts';
import { contentsOf } from './contents.ts';

/** Enough for several batches of the bus. */
const ESTATE = ['--seed', '3', '--devices', '60', '--days', '6'];

export async function run({ folder, say }: SuiteContext): Promise<void> {
  const random = new Random(numberOption('seed', 1));
  const kills = numberOption('kills', 3);
  // Both folders are to have the same end of the estate, which is kept at the first start.
  const [whole, victim] = [join(folder, 'whole'), join(folder, 'victim')];
  const first = startEstate(whole);
  await first.isReady;
  while (noteOf(whole) === undefined) await sleep(5);
  first.program.kill('group');
  await first.program.ended;
  assert.equal(isLoaded(whole), false);
  cpSync(whole, victim, { recursive: true, filter: (path) => !path.endsWith('.sock') });
  const duration = await load(whole);
  const expected = await askFolder(whole, contentsOf);
  say(`Uninterrupted in ${(duration / 1e3).toFixed(1)} s: ${JSON.stringify(expected)}`);
  for (let i = 0; i < kills && !isLoaded(victim); i++) {
    const { program, isReady } = startEstate(victim);
    await isReady;
    const moment = (0.1 + 0.4 * random.next()) * duration;
    await sleep(moment);
    program.kill(i % 2 === 0 ? 'group' : 'command');
    await program.ended;
    assert.ok(i > 0 || !isLoaded(victim), 'the first kill came too late');
    say(`kill ${i + 1} of ${kills}, ${(moment / 1e3).toFixed(1)} s after the start`);
  }
  await load(victim);
  assert.deepEqual(await askFolder(victim, contentsOf), expected);
}

function startEstate(data: string): { program: Running; isReady: Promise<unknown> } {
  const program = startProgram([
    'start',
    '--demo',
    '--data',
    data,
    '--listen',
    '127.0.0.1:0',
    '-q',
    ...ESTATE,
  ]);
  const endsEarly = program.ended.then(({ stderr }) => {
    throw new Error(`The start ended: ${stderr}`);
  });
  return { program, isReady: Promise.race([once(program.child.stdout!, 'data'), endsEarly]) };
}

/** Starts the estate and stops when it is loaded; returns how long that took from the moment it was ready, ms. */
async function load(data: string): Promise<number> {
  const { program, isReady } = startEstate(data);
  await isReady;
  const started = performance.now();
  while (!isLoaded(data)) {
    if (program.child.exitCode !== null) throw new Error(`The start ended: ${(await program.ended).stderr}`);
    await sleep(100);
  }
  const duration = performance.now() - started;
  program.child.kill('SIGTERM');
  const { code, stderr } = await program.ended;
  assert.equal(code, 0, stderr);
  return duration;
}

const isLoaded = (data: string): boolean => noteOf(data)?.includes('"isLoaded":true') ?? false;

/** What the folder notes of its estate: which one, and that all of it has been learned. */
function noteOf(data: string): string | undefined {
  const database = new DatabaseSync(join(data, 'state.sqlite'), { readOnly: true });
  try {
    const row = database.prepare("SELECT value FROM setting WHERE key = 'demo'").get();
    return row && String(row['value']);
  } finally {
    database.close();
  }
}
