/** Runs the `thymus` command as people do, in a process group of its own, and asks a served data folder. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { request } from 'node:http';
import { join, resolve } from 'node:path';

const PROGRAM = resolve(import.meta.dirname, '../../packages/console/src/thymus.ts');

export interface Ended {
  /** Exit code; null where a signal ended it. */
  code: number | null;
  stdout: string;
  stderr: string;
}

export interface Running {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
  /** SIGKILL to the command alone, or to all processes it has started, too. */
  kill(reach: 'command' | 'group'): void;
}

/** `within` is a command to run it in, such as `ip netns exec NAME`. */
export function startProgram(
  args: readonly string[],
  env: NodeJS.ProcessEnv = {},
  within: readonly string[] = [],
): Running {
  const [command, ...rest] = [...within, process.execPath, PROGRAM, ...args];
  const child = spawn(command!, rest, {
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...env },
  });
  const texts = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => (texts.stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (texts.stderr += text));
  const ended = once(child, 'close').then(([code]) => ({ code: code as number | null, ...texts }));
  const kill = (reach: 'command' | 'group') => {
    if (child.exitCode === null && child.signalCode === null)
      process.kill(reach === 'group' ? -child.pid! : child.pid!, 'SIGKILL');
  };
  return { child, ended, kill };
}

/** Runs a command to its end; one that takes longer than `limit` ms is killed and ends with code null. */
export async function runProgram(args: readonly string[], limit = 600_000): Promise<Ended> {
  const program = startProgram(args);
  const timer = setTimeout(() => program.kill('group'), limit);
  const ended = await program.ended;
  clearTimeout(timer);
  return ended;
}

export type Ask = <T>(path: string, parameters?: Record<string, string | number>) => Promise<T>;

/** Serves a data folder for as long as `use` asks it. Throws where it does not open. */
export async function askFolder<T>(
  folder: string,
  use: (ask: Ask) => Promise<T>,
  within: readonly string[] = [],
): Promise<T> {
  const socketPath = join(folder, 'thymus.sock');
  const server = startProgram(['serve', '--data', folder, '--listen', '127.0.0.1:0'], {}, within);
  try {
    await untilServed(server, socketPath);
    return await use((path, parameters = {}) => get(socketPath, path, parameters));
  } finally {
    server.child.kill('SIGTERM');
    await server.ended;
  }
}

async function untilServed({ child, ended }: Running, socketPath: string): Promise<void> {
  for (;;) {
    const isUp =
      existsSync(socketPath) &&
      (await get(socketPath, '/ui/session', {}).then(
        () => true,
        () => false,
      ));
    if (isUp) return;
    if (child.exitCode !== null) throw new Error(`The folder does not open: ${(await ended).stderr}`);
    await new Promise((wait) => setTimeout(wait, 100));
  }
}

function get<T>(socketPath: string, path: string, parameters: Record<string, string | number>): Promise<T> {
  const query = new URLSearchParams(
    Object.entries(parameters).map(([name, value]): [string, string] => [name, `${value}`]),
  );
  return new Promise((done, fail) => {
    const outgoing = request({ socketPath, path: `${path}?${query}` }, (incoming) => {
      const chunks: Buffer[] = [];
      incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
      incoming.on('error', fail);
      incoming.on('end', () => {
        const text = Buffer.concat(chunks).toString('utf8');
        if (incoming.statusCode === 200) done(JSON.parse(text) as T);
        else fail(new Error(`${path} answered ${incoming.statusCode}: ${text.slice(0, 500)}`));
      });
    });
    outgoing.on('error', fail);
    outgoing.end();
  });
}
