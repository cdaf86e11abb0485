/** Starts Thymus as people do, on a small simulated estate of its own, and stops it again. */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

export interface RunningServer {
  /** `https://127.0.0.1:PORT` */
  url: string;
  username: string;
  /** The first password, which has to be changed at the first log-in. */
  password: string;
  stop(): Promise<void>;
}

export interface EstateSize {
  devices: number;
  days: number;
}

const PROGRAM = resolve(import.meta.dirname, '../../packages/console/src/thymus.ts');
const START_TIME = 120_000;

/** What the program has printed so far, and a way to wait for a line of it. */
function listen(child: ReturnType<typeof spawn>) {
  let printed = '';
  const waiting = new Set<() => void>();
  const hear = (chunk: Buffer) => {
    printed += chunk.toString('utf8');
    for (const look of waiting) look();
  };
  child.stdout?.on('data', hear);
  child.stderr?.on('data', hear);
  const until = (pattern: RegExp): Promise<RegExpExecArray> =>
    new Promise((found, failed) => {
      const fail = (why: string) => failed(new Error(`${why}\n${printed.slice(-4000)}`));
      const timer = setTimeout(
        () => fail(`Not printed within ${START_TIME / 1000} s: ${pattern}`),
        START_TIME,
      );
      const look = () => {
        const match = pattern.exec(printed);
        if (!match) return;
        clearTimeout(timer);
        waiting.delete(look);
        found(match);
      };
      waiting.add(look);
      child.once('exit', (code) => fail(`Thymus ended with ${code}`));
      look();
    });
  return { until };
}

/** A server on a free port with a fresh data folder; both are gone after `stop`. */
export async function startServer({ devices, days }: EstateSize): Promise<RunningServer> {
  const folder = mkdtempSync(join(tmpdir(), 'thymus-e2e-'));
  const size = ['--devices', String(devices), '--days', String(days), '--seed', '7'];
  const child = spawn(
    process.execPath,
    [PROGRAM, 'start', '--demo', '--data', folder, '--listen', '127.0.0.1:0', ...size],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  );
  const stop = async () => {
    if (child.exitCode === null && child.signalCode === null) {
      const ended = new Promise((done) => child.once('exit', done));
      child.kill('SIGTERM');
      await ended;
    }
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    const { until } = listen(child);
    const [, url = ''] = await until(/is ready: +(https:\/\/\S+)/);
    const [, username = '', password = ''] = await until(/Log in as (\S+) with the password (\S+)/);
    return { url, username, password, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
