/**
 * The lake's own process: owns the engine and its folder, speaks ClickHouse HTTP on a unix socket, and ends with the
 * process that started it. The engine aborts its process where it fails, so it must not share one with anything else.
 */
import { chmod, mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Engine, engineVersion } from './engine.ts';
import { createFront } from './front.ts';

export interface ChildOptions {
  folder: string;
  socket: string;
  memoryBytes: number;
}

export type ChildMessage = { ready: true; version: string } | { failed: string };

/** How long a folder may stay locked by a child that is just ending. */
const LOCK_PATIENCE = 3_000;
/** How long work in flight may go on at an ordinary end, and where the parent has died and nobody waits for it. */
const DRAIN_PATIENCE = 30_000;
const ORPHAN_PATIENCE = 1_000;

/** Ends at once: exit() would wait for the engine's threads, and what is acknowledged is on disk. */
const leave = () => process.kill(process.pid, 'SIGKILL');

const tell = (message: ChildMessage) => new Promise<void>((done) => process.send!(message, () => done()));

async function openEngine(folder: string, config: string): Promise<Engine> {
  const patience = performance.now() + LOCK_PATIENCE;
  for (;;) {
    try {
      return await Engine.open(folder, config);
    } catch (error) {
      if (performance.now() > patience) throw error;
      await sleep(250);
    }
  }
}

async function serve({ folder, socket, memoryBytes }: ChildOptions): Promise<void> {
  // Not recursive: the data folder is there, and Node's recursive mkdir never ends where the kernel refuses, as in /proc.
  await mkdir(folder, { mode: 0o700 }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
  });
  const config = join(folder, 'thymus-engine.xml');
  const xml = `<clickhouse><max_server_memory_usage>${memoryBytes}</max_server_memory_usage></clickhouse>\n`;
  await writeFile(config, xml, { mode: 0o600 });
  const engine = await openEngine(folder, config);
  const front = createFront(engine);
  await rm(socket, { force: true });
  process.umask(0o177);
  await new Promise<void>((done, fail) => front.once('error', fail).listen(socket, done));
  process.umask(0o077);
  await chmod(socket, 0o600);

  const end = async (patience: number) => {
    front.close();
    front.closeIdleConnections();
    await Promise.race([engine.close(), sleep(patience)]);
    leave();
  };
  process.once('message', () => end(DRAIN_PATIENCE));
  process.off('disconnect', leave);
  process.once('disconnect', () => end(ORPHAN_PATIENCE));
  process.once('SIGTERM', () => end(DRAIN_PATIENCE));
  await tell({ ready: true, version: engineVersion() });
}

if (import.meta.main) {
  // Ctrl-C goes to the whole group; the parent decides when the lake ends.
  process.on('SIGINT', () => undefined);
  // A parent that dies while the engine opens leaves nothing to drain, and nobody to tell.
  process.once('disconnect', leave);
  serve(JSON.parse(process.argv[2]!) as ChildOptions).catch(async (error: unknown) => {
    await tell({ failed: (error as Error).message });
    leave();
  });
}
