/**
 * Input that is broken, and a disk that is full: the exit code says how it went, one sentence says why, no stack trace
 * appears, and the data folder opens afterwards. `--seed=N`. The full disk needs root, for a small disk in memory.
 */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Random } from '@thymus/core';
import { sharedFolder } from '../../tools/shared.ts';
import { mixedCapture } from '../../tools/traffic/mix.ts';
import { askFolder, type Ended, runProgram } from '../src/program.ts';
import { numberOption, type SuiteContext } from '../src/suite-context.ts';
import { type BrokenFile, makeBrokenFiles } from './broken-files.ts';

const CAPTURES = [
  'smb/smb2.pcap',
  'tls/tls-fragmented-handshake.pcap.gz',
  'irc-dcc-send.pcapng',
  'http/no_crlf.pcap',
];

/** Generous on a busy machine; a file of 10 GB read to its end takes longer. */
const LIMIT = 60_000;

export async function run({ folder, say }: SuiteContext): Promise<void> {
  const shared = sharedFolder();
  if (!shared) throw new Error('The suite needs the recordings of the reference corpora.');
  const captures = CAPTURES.map((name) => join(shared, 'corpora/zeek/captures', name));
  const files = makeBrokenFiles(folder, captures, new Random(numberOption('seed', 1)));
  const check = new Checker(say);
  for (const file of files) await check.file(`dissect ${file.name}`, file, dissect(folder, file.path));
  const data = join(folder, 'data');
  for (const file of files) await check.file(`ingest ${file.name}`, file, ingest(data, file.path));
  await check.codes(
    'ingest all and a good one',
    [5],
    ingest(data, captures[0]!, ...files.map(({ path }) => path)),
  );
  await check.opens(data);
  await wrongCalls(check, folder, data, captures[0]!);
  if (process.getuid?.() === 0) await fullDisk(check, join(folder, 'disk'), captures[0]!);
  else say('SKIPPED: the full disk, which needs root.');
  check.report();
}

const dissect = (folder: string, ...paths: string[]): string[] => [
  'dissect',
  '--out',
  join(folder, 'logs'),
  '-q',
  ...paths,
];
const ingest = (data: string, ...paths: string[]): string[] => ['ingest', '--data', data, '-q', ...paths];

class Checker {
  readonly #say: (text: string) => void;
  readonly #faults: string[] = [];

  constructor(say: (text: string) => void) {
    this.#say = say;
  }

  async file(name: string, { codes, says }: BrokenFile, args: readonly string[]): Promise<void> {
    await this.codes(name, codes, args, says);
  }

  /** Runs a command that must end with one of the codes and say something that matches where it does not end well. */
  async codes(name: string, codes: readonly number[], args: readonly string[], says = /\S/): Promise<void> {
    const ended = await runProgram(args, LIMIT);
    const found = faultsOf(ended, codes, says);
    this.#say(
      `${found.length === 0 ? 'holds' : 'FAILS'}  ${name}: ${ended.code} ${ended.stderr.trim().slice(0, 200)}`,
    );
    for (const fault of found) this.#faults.push(`${name}: ${fault}`);
  }

  async opens(data: string): Promise<void> {
    await this.codes(`status of ${data}`, [0], ['status', '--data', data, '--json']);
    const found = await askFolder(data, (ask) => ask<{ total: number }>('/ui/search', { size: 1 })).catch(
      (error: Error) => error,
    );
    if (found instanceof Error) this.#faults.push(`${data} does not open: ${found.message}`);
    else this.#say(`${data} opens and holds ${found.total} records.`);
  }

  report(): void {
    assert.deepEqual(this.#faults, []);
  }
}

/** What a stack trace, or an error that nobody foresaw, looks like. */
const TRACE = /^\s+at .+:\d+:\d+|node:internal|\b(Type|Range|Reference|Syntax|Assertion)Error\b/m;

function faultsOf({ code, stdout, stderr }: Ended, codes: readonly number[], says: RegExp): string[] {
  const faults: string[] = [];
  if (code === null) faults.push(`did not end within ${LIMIT / 1e3} s`);
  else if (!codes.includes(code))
    faults.push(`ended with ${code}, not ${codes.join(' or ')}: ${stderr.slice(0, 500)}`);
  if (TRACE.test(stdout + stderr)) faults.push(`a stack trace: ${(stdout + stderr).slice(0, 500)}`);
  if (code !== 0 && !says.test(stderr)) faults.push(`says "${stderr.slice(0, 500)}", nothing like ${says}`);
  return faults;
}

/** Calls and settings that are wrong in themselves. */
async function wrongCalls(check: Checker, folder: string, data: string, capture: string): Promise<void> {
  const missing = join(folder, 'missing.pcap');
  await check.codes('dissect a missing file', [1, 2], dissect(folder, missing), /missing\.pcap/);
  await check.codes('ingest a missing file', [1, 2], ingest(data, missing), /missing\.pcap/);
  await check.codes('no file at all', [2], ['ingest', '--data', data]);
  await check.codes('an unknown option', [2], ['dissect', '--wrong', capture], /--wrong/);
  await check.codes('dissect into a file', [1], ['dissect', '--out', capture, '-q', capture]);
  const settings = join(folder, 'settings');
  mkdirSync(settings);
  for (const text of ['checksums: sometimes\n', 'chekcsums: check\n', 'a: [\n']) {
    writeFileSync(join(settings, 'thymus.yaml'), text);
    await check.codes(`settings ${JSON.stringify(text)}`, [78], ingest(settings, capture), /thymus\.yaml/);
  }
  const future = join(folder, 'future');
  mkdirSync(future);
  writeFileSync(join(future, 'thymus.json'), '{"product":"thymus","version":999}\n');
  await check.codes('a folder of a newer version', [1], ingest(future, capture), /newer/i);
}

/** Room for the reference data and a part of the state; and for all of the state, but not for the events. */
const SMALL = ['12m', '16m'];

async function fullDisk(check: Checker, disk: string, capture: string): Promise<void> {
  mkdirSync(disk);
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', disk]);
  try {
    const mix = await mixedCapture(1);
    await check.codes('dissect to a full disk', [1], dissect(disk, mix), /room/);
    rmSync(join(disk, 'logs'), { recursive: true, force: true });
    await check.codes(
      'a new data folder on a full disk',
      [1],
      ingest(join(disk, 'tiny'), capture),
      /room|disk/i,
    );
    rmSync(join(disk, 'tiny'), { recursive: true, force: true });
    for (const size of SMALL) {
      const data = join(disk, size);
      execFileSync('mount', ['-o', `remount,size=${size}`, disk]);
      await check.codes(`ingest to a disk of ${size}`, [1], ingest(data, mix), /room/i);
      execFileSync('mount', ['-o', 'remount,size=2g', disk]);
      await check.opens(data);
      await check.codes('the same ingest with room again', [0], ingest(data, mix));
      await check.opens(data);
      rmSync(data, { recursive: true });
    }
  } finally {
    execFileSync('umount', ['-l', disk]);
  }
}
