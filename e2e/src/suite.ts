/** `npm run suite -- NAME [--option=N]`: a long test that is run at acceptance; exit 1 where it fails. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SuiteContext } from './suite-context.ts';

interface Suite {
  run(context: SuiteContext): Promise<void>;
}

/** All suites. To add one: its file and one line here. */
const SUITES: Readonly<Record<string, () => Promise<Suite>>> = {
  'broken-input': () => import('../suites/broken-input.ts'),
  demo: () => import('../suites/demo.ts'),
  eve: () => import('../suites/eve.ts'),
  kill: () => import('../suites/kill.ts'),
  live: () => import('../suites/live.ts'),
  torture: () => import('../suites/torture.ts'),
};

async function main(name: string): Promise<void> {
  const load = SUITES[name];
  if (!load) {
    process.stderr.write(`No suite is named ${name}; there are ${Object.keys(SUITES).join(', ')}.\n`);
    process.exitCode = 2;
    return;
  }
  const folder = mkdtempSync(join(tmpdir(), `thymus-${name}-`));
  const started = performance.now();
  const say = (text: string) =>
    process.stderr.write(`${((performance.now() - started) / 1e3).toFixed(0).padStart(5)} s  ${text}\n`);
  try {
    await (await load()).run({ folder, say });
    say(`${name} holds.`);
  } catch (error) {
    say(`${name} FAILS: ${error instanceof Error ? error.message : String(error)}`);
    process.exitCode = 1;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

await main(process.argv.slice(2).find((argument) => !argument.startsWith('--')) ?? '');
