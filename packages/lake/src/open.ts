/** Opens the event lake: the child process on a data folder, or a ClickHouse server. */
import { realpath } from 'node:fs/promises';
import { ThymusError } from '@thymus/core';
import type { Logger } from '@thymus/core/node';
import { type Backing, ClickHouseLake, type LakeOptions } from './clickhouse-lake.ts';
import { LakeClient } from './client.ts';
import type { Lake } from './lake.ts';
import { migrate } from './schema/migrate.ts';
import { LakeProcess } from './server/supervisor.ts';

export interface OpenLakeOptions extends LakeOptions {
  /** The data folder; the lake takes `lake` and `lake.sock` in it. */
  dir: string;
  log?: Logger;
}

/** A ClickHouse server, or the lake that another process of ours has opened: `DIR/lake.sock`. */
export type ConnectLakeOptions = LakeOptions &
  ({ socketPath: string } | { url: string; username?: string; password?: string; database?: string });

/**
 * Starts the lake's process on the folder and brings its tables up to date. Throws DATA_IN_USE where another process
 * has the folder, NEWER_DATA where a newer version wrote it.
 */
export async function openLake({ dir, log, ...options }: OpenLakeOptions): Promise<Lake> {
  const child = await LakeProcess.start(dir, log);
  return migrated(new LakeClient({ socketPath: child.socketPath }), child, options);
}

/** Connects to a ClickHouse server, whose tables are brought up to date, or to a lake that is open already. */
export async function connectLake({ limits, ...access }: ConnectLakeOptions): Promise<Lake> {
  const elsewhere = { ready: async () => undefined, close: async () => undefined };
  const options = limits ? { limits } : {};
  if ('url' in access) return migrated(new LakeClient(access), elsewhere, options);
  // The name in the data folder may only point to the socket, see LakeProcess.
  const socketPath = await realpath(access.socketPath).catch((cause: unknown) => {
    throw new ThymusError('LAKE_DOWN', `No event lake is open at ${access.socketPath}.`, { cause });
  });
  return new ClickHouseLake(new LakeClient({ socketPath }), elsewhere, options);
}

async function migrated(client: LakeClient, backing: Backing, options: LakeOptions): Promise<Lake> {
  const lake = new ClickHouseLake(client, backing, options);
  try {
    await migrate(client);
    return lake;
  } catch (error) {
    await lake.close();
    throw error;
  }
}
