/** Opens the event lake: the child process on a data folder, or a ClickHouse server. */
import type { Logger } from '@thymus/core/node';
import { ClickHouseLake, type LakeOptions } from './clickhouse-lake.ts';
import { LakeClient } from './client.ts';
import type { Lake } from './lake.ts';
import { migrate } from './schema/migrate.ts';
import { LakeProcess } from './server/supervisor.ts';

export interface OpenLakeOptions extends LakeOptions {
  /** The data folder; the lake takes `lake` and `lake.sock` in it. */
  dir: string;
  log?: Logger;
}

export interface ConnectLakeOptions extends LakeOptions {
  url: string;
  username?: string;
  password?: string;
  database?: string;
}

/**
 * Starts the lake's process on the folder and brings its tables up to date. Throws DATA_IN_USE where another process
 * has the folder, NEWER_DATA where a newer version wrote it.
 */
export async function openLake({ dir, log, ...options }: OpenLakeOptions): Promise<Lake> {
  const child = await LakeProcess.start(dir, log);
  return migrated(new LakeClient({ socketPath: child.socketPath }), child, options);
}

/** Connects to a ClickHouse server and brings the tables of its database up to date. */
export function connectLake({ limits, ...access }: ConnectLakeOptions): Promise<Lake> {
  const server = { ready: async () => undefined, close: async () => undefined };
  return migrated(new LakeClient(access), server, limits ? { limits } : {});
}

async function migrated(
  client: LakeClient,
  backing: { ready(): Promise<void>; close(): Promise<void> },
  options: LakeOptions,
): Promise<Lake> {
  const lake = new ClickHouseLake(client, backing, options);
  try {
    await migrate(client);
    return lake;
  } catch (error) {
    await lake.close();
    throw error;
  }
}
