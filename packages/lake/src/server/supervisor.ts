/** Keeps the lake's child process alive: starts it, waits for it, starts it again where it dies. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir, totalmem } from 'node:os';
import { join, resolve } from 'node:path';
import { ThymusError } from '@thymus/core';
import type { Logger } from '@thymus/core/node';
import type { ChildMessage, ChildOptions } from './lake-child.ts';

const GIB = 1024 ** 3;
/** A unix socket's address has room for 107 bytes. */
const MAX_SOCKET_PATH = 100;
/** Its name in the data folder: the socket itself, or a link to it where the folder's path is too long for one. */
const SOCKET = 'lake.sock';
/** A child that takes longer to start or to end is stuck. */
const MAX_START = 60_000;
const MAX_END = 45_000;
const MAX_PAUSE = 5_000;

export class LakeProcess {
  readonly socketPath: string;
  readonly #folder: string;
  readonly #log: Logger | undefined;
  readonly #ownFolder: string | undefined;
  #child: ChildProcess | undefined;
  #ready: Promise<void>;
  #isClosing = false;
  #pause = 100;

  private constructor(folder: string, socketPath: string, ownFolder: string | undefined, log?: Logger) {
    this.#folder = folder;
    this.socketPath = socketPath;
    this.#ownFolder = ownFolder;
    this.#log = log;
    this.#ready = this.#start();
  }

  /** Starts the child on `dir/lake`. Throws DATA_IN_USE where another process has the folder. */
  static async start(dir: string, log?: Logger): Promise<LakeProcess> {
    const inDataFolder = resolve(dir, SOCKET);
    const isTooLong = Buffer.byteLength(inDataFolder) > MAX_SOCKET_PATH;
    const ownFolder = isTooLong ? await mkdtemp(join(tmpdir(), 'thymus-')) : undefined;
    const socket = ownFolder ? join(ownFolder, SOCKET) : inDataFolder;
    const lake = new LakeProcess(resolve(dir, 'lake'), socket, ownFolder, log);
    await lake.#ready;
    if (ownFolder) await pointTo(socket, inDataFolder);
    return lake;
  }

  /** Ends the child at once, as a crash would; it is started again. */
  kill(): void {
    this.#child?.kill('SIGKILL');
  }

  /** Resolves as soon as a child answers; rejects where the folder is taken or the lake is closing. */
  ready(): Promise<void> {
    return this.#ready;
  }

  /** Lets the child finish what it does, and waits for its end. */
  async close(): Promise<void> {
    this.#isClosing = true;
    await this.#ready.catch(() => undefined);
    const child = this.#child;
    if (child && child.exitCode === null && child.signalCode === null) {
      const ended = new Promise((done) => child.once('exit', done));
      if (child.connected) child.send('end');
      const overdue = setTimeout(() => child.kill('SIGKILL'), MAX_END);
      await ended;
      clearTimeout(overdue);
    }
    await rm(join(this.#folder, '..', SOCKET), { force: true });
    if (this.#ownFolder) await rm(this.#ownFolder, { recursive: true, force: true });
  }

  #start(): Promise<void> {
    const options: ChildOptions = {
      folder: this.#folder,
      socket: this.socketPath,
      memoryBytes: Math.floor(Math.min(4 * GIB, totalmem() / 2)),
    };
    const file = join(import.meta.dirname, 'lake-child.ts');
    const child = spawn(process.execPath, [file, JSON.stringify(options)], {
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      env: { ...process.env, UV_THREADPOOL_SIZE: '12', NODE_OPTIONS: '' },
    });
    this.#child = child;
    return this.#whenUp(child);
  }

  #whenUp(child: ChildProcess): Promise<void> {
    let lastWords = '';
    let reason = 'its process ended at start';
    child.stderr!.setEncoding('utf8').on('data', (text: string) => {
      lastWords = `${lastWords}${text}`.slice(-2_000);
    });
    const overdue = setTimeout(() => child.kill('SIGKILL'), MAX_START);
    return new Promise<void>((done, fail) => {
      child.once('error', (cause) => fail(down('its process cannot be started', cause)));
      child.once('message', (message: ChildMessage) => {
        if ('failed' in message) {
          reason = message.failed;
          return;
        }
        this.#pause = 100;
        this.#log?.info({ engine: message.version, pid: child.pid }, 'lake is up');
        child.once('exit', (code, signal) => this.#died({ code, signal, lastWords }));
        done();
      });
      // The engine says on stderr only that the folder is taken.
      child.once('close', () => {
        const isTaken = /Cannot lock file/.test(lastWords);
        fail(isTaken ? inUse(this.#folder) : down(`${reason} ${lastWords}`.trim()));
      });
    }).finally(() => clearTimeout(overdue));
  }

  #died(facts: { code: number | null; signal: string | null; lastWords: string }): void {
    if (this.#isClosing) return;
    this.#log?.error(facts, 'lake process died, starting it again');
    this.#ready = this.#startAgain();
    this.#ready.catch(() => undefined);
  }

  async #startAgain(): Promise<void> {
    for (;;) {
      try {
        return await this.#start();
      } catch (error) {
        if (this.#isClosing) throw error;
        this.#log?.error({ error }, 'lake process does not start');
        await new Promise((done) => setTimeout(done, this.#pause));
        this.#pause = Math.min(MAX_PAUSE, this.#pause * 2);
      }
    }
  }
}

async function pointTo(socket: string, name: string): Promise<void> {
  await rm(name, { force: true });
  await symlink(socket, name);
}

const down = (why: string, cause?: unknown) =>
  new ThymusError('LAKE_DOWN', `The event lake does not run: ${why}.`, { cause });

const inUse = (folder: string) =>
  new ThymusError('DATA_IN_USE', `Another process owns the event lake in ${folder}. Stop it first.`);
