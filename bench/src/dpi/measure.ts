/** What a command costs, by GNU time: its processor time with all children, and the most memory it held. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface Cost {
  /** User and system time, seconds. */
  cpu: number;
  /** Seconds on the clock. */
  wall: number;
  /** Largest resident set, bytes. */
  memory: number;
}

/** Runs a command that writes into a folder of its own, which is removed. Throws where it fails. */
export function measure(
  commandFor: (folder: string) => string[],
  env: NodeJS.ProcessEnv = process.env,
): Cost {
  const folder = mkdtempSync(join(tmpdir(), 'thymus-bench-'));
  try {
    const report = join(folder, 'time');
    const command = commandFor(folder);
    const { status, stderr } = spawnSync('/usr/bin/time', ['-o', report, '-f', '%U %S %e %M', ...command], {
      env,
      encoding: 'utf8',
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    if (status !== 0) throw new Error(`${command[0]} ended with ${status}: ${stderr.slice(-2_000)}`);
    const [user, system, wall, kilobytes] = readFileSync(report, 'utf8').trim().split(' ').map(Number);
    return { cpu: user! + system!, wall: wall!, memory: kilobytes! * 1024 };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The middle of each figure over some runs. */
export const median = (costs: readonly Cost[]): Cost => ({
  cpu: middle(costs.map(({ cpu }) => cpu)),
  wall: middle(costs.map(({ wall }) => wall)),
  memory: middle(costs.map(({ memory }) => memory)),
});

function middle(values: number[]): number {
  values.sort((a, b) => a - b);
  const half = values.length >> 1;
  return values.length % 2 === 1 ? values[half]! : (values[half - 1]! + values[half]!) / 2;
}
