/**
 * How commands reach a data folder: through the socket of the server that owns it, or, without one, by opening the
 * folder themselves. Either way they speak the same HTTP routes as local administrator.
 */
import { join } from 'node:path';
import type { Master, MasterOptions } from '@thymus/appliance';
import { type ErrorCode, ThymusError } from '@thymus/core';
import { harmless, terminal } from './output.ts';

export interface Api {
  /** True if a server answers, false if this process opened the folder. */
  readonly isServer: boolean;
  /** The body of the answer. Throws a ThymusError for any other status than 2xx. */
  call<T>(method: string, path: string, body?: unknown): Promise<T>;
  /** The opened folder, where no server runs. */
  readonly master?: Master;
}

/** The appliance is a thousand modules: commands that do without it start in a tenth of the time. */
export const appliance = () => import('@thymus/appliance');

/** Flags that override the configuration for this run. */
export type ConfigFlags = Readonly<Record<string, unknown>>;

/** Faults are told at once, but for the one that ends what waits for it with this very sentence. */
function tellFault(message: string, code: string): void {
  if (code !== 'DISK_FULL') terminal.note(`thymus: ${harmless(message)}\n`);
}

/** Does something with a data folder and gives it back afterwards. */
export async function withApi<T>(
  folder: string,
  flags: ConfigFlags,
  use: (api: Api) => Promise<T>,
): Promise<T> {
  const { ownerOf } = await appliance();
  if (ownerOf(folder) !== undefined) return use(socketApi(join(folder, 'thymus.sock')));
  const master = await openMaster(folder, flags, { onFault: tellFault });
  try {
    return await use({
      isServer: false,
      master,
      call: (method, path, body) => callMaster(master, method, path, body),
    });
  } finally {
    await master.close();
  }
}

/** Opens a data folder as its owner. */
export async function openMaster(
  folder: string,
  flags: ConfigFlags,
  options: MasterOptions = {},
): Promise<Master> {
  const { loadApplianceConfig, Master } = await appliance();
  const config = loadApplianceConfig({ file: join(folder, 'thymus.yaml'), env: process.env, flags });
  return Master.open(folder, config, options);
}

function answer<T>(status: number, text: string): T {
  let value: { error?: string; message?: string } | undefined;
  try {
    value = text === '' ? undefined : JSON.parse(text);
  } catch {
    throw new ThymusError('INTERNAL', `The server answered ${status} with what is no JSON.`);
  }
  if (status >= 200 && status < 300) return value as T;
  throw new ThymusError(
    (value?.error as ErrorCode) ?? 'INTERNAL',
    value?.message ?? `The server answered ${status}.`,
  );
}

async function callMaster<T>(master: Master, method: string, path: string, body: unknown): Promise<T> {
  const init =
    body === undefined
      ? { method }
      : { method, body: JSON.stringify(body), headers: { 'Content-Type': 'application/json' } };
  const reply = await master.fetchLocally(new Request(`http://localhost${path}`, init));
  return answer<T>(reply.status, await reply.text());
}

function socketApi(socketPath: string): Api {
  const call = async <T>(method: string, path: string, body?: unknown): Promise<T> => {
    // Loading it costs as much as all of a command that reaches no server.
    const { request } = await import('node:http');
    return new Promise((resolve, reject) => {
      const outgoing = request(
        { socketPath, method, path, headers: { 'Content-Type': 'application/json' } },
        (incoming) => {
          const chunks: Buffer[] = [];
          incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
          incoming.on('error', reject);
          incoming.on('end', () => {
            try {
              resolve(answer<T>(incoming.statusCode ?? 0, Buffer.concat(chunks).toString('utf8')));
            } catch (error) {
              reject(error);
            }
          });
        },
      );
      outgoing.on('error', reject);
      outgoing.end(body === undefined ? undefined : JSON.stringify(body));
    });
  };
  return { isServer: true, call };
}
