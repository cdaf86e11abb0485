/**
 * Ingest is killed with SIGKILL at random moments, 20 times, and started again: in the end the data folder must hold
 * exactly the records and breaches of a run that nobody interrupted. Every other time only the command is killed and
 * its children are left behind, as `kill -9` does. `--kills=N`, `--seed=N`.
 */
import assert from 'node:assert/strict';
import { cpSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { Random } from '@thymus/core';
import { writeEstateLogs } from '../../tools/traffic/estate-logs.ts';
import { mixedCapture } from '../../tools/traffic/mix.ts';
import { askFolder, runProgram, startProgram } from '../src/program.ts';
import { numberOption, type SuiteContext } from '../src/suite-context.ts';
import { contentsOf } from './contents.ts';

/** Kills of one folder before it is left to finish. */
const KILLS_PER_FOLDER = 4;

export async function run({ folder, say }: SuiteContext): Promise<void> {
  const random = new Random(numberOption('seed', 1));
  const kills = numberOption('kills', 20);
  const material = await makeMaterial(join(folder, 'material'));
  const reference = join(folder, 'reference');
  const started = performance.now();
  await finish(reference, material);
  const duration = performance.now() - started;
  const expected = await askFolder(reference, contentsOf);
  say(`Uninterrupted in ${(duration / 1e3).toFixed(1)} s: ${JSON.stringify(expected)}`);
  for (let done = 0, round = 0; done < kills; round++) {
    const data = join(folder, `killed-${round}`);
    const wanted = Math.min(KILLS_PER_FOLDER, kills - done);
    for (let i = 0; i < wanted; i++) {
      const moment = random.next() * 0.8 * duration;
      const reach = done % 2 === 0 ? 'group' : 'command';
      if (!(await killed(data, material, moment, reach))) break;
      done++;
      say(`kill ${done} of ${kills}: the ${reach} after ${(moment / 1e3).toFixed(1)} s`);
    }
    await finish(data, material);
    assert.deepEqual(await askFolder(data, contentsOf), expected, `folder ${round} differs`);
    say(`Folder ${round} holds the same as the uninterrupted one.`);
  }
}

/** Recorded packets, and some days of logs before them. */
async function makeMaterial(folder: string): Promise<string> {
  mkdirSync(folder, { recursive: true });
  cpSync(await mixedCapture(1), join(folder, 'mix.pcap'));
  writeEstateLogs(join(folder, 'logs'), { seed: 5, devices: 40, days: 7, end: Date.UTC(2026, 2, 10) });
  return folder;
}

const command = (data: string, material: string): string[] => [
  'ingest',
  '--data',
  data,
  '-q',
  '--json',
  material,
];

async function finish(data: string, material: string): Promise<void> {
  const { code, stderr } = await runProgram(command(data, material));
  assert.equal(code, 0, `ingest into ${data} ended with ${code}: ${stderr}`);
}

/** False if the run ended before the moment came. */
async function killed(
  data: string,
  material: string,
  moment: number,
  reach: 'command' | 'group',
): Promise<boolean> {
  const program = startProgram(command(data, material));
  const timer = setTimeout(() => program.kill(reach), moment);
  const { code, stderr } = await program.ended;
  clearTimeout(timer);
  if (code !== null) assert.equal(code, 0, `ingest into ${data} ended with ${code}: ${stderr}`);
  return code === null;
}
