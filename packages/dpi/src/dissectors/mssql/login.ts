/** Who logs in to an SQL Server, from where, with what. MS-TDS §2.2.6.4. */
import type { Mssql } from '@thymus/core';
import { utf16Text } from '../ntlm/message.ts';

/** Where the offsets and lengths of the texts stand; lengths count characters. */
const AT = { host: 36, user: 40, application: 48, server: 52, database: 68 } as const;
/** Token of the operating system: offset and length in bytes. */
const TOKEN = 78;
const FLAGS_2 = 25;
const INTEGRATED = 0x80;
/** Bytes in front of the texts in the oldest version. */
const LEAST = 86;
const MOST_CHARACTERS = 256;

const u16 = (bytes: Uint8Array, at: number): number => bytes[at]! | (bytes[at + 1]! << 8);

function textAt(payload: Uint8Array, at: number): string | undefined {
  const from = u16(payload, at);
  const to = from + 2 * Math.min(MOST_CHARACTERS, u16(payload, at + 2));
  return to > from && to <= payload.length ? utf16Text(payload, from, to) : undefined;
}

export interface Login {
  readonly columns: Pick<Mssql, 'user' | 'host' | 'application' | 'server' | 'database' | 'integrated'>;
  /** What the operating system says of the user; empty for a log-in with a password. */
  readonly token: Uint8Array;
}

/** Reads a log-in; undefined if it is broken. */
export function readLogin(payload: Uint8Array): Login | undefined {
  if (payload.length < LEAST) return undefined;
  const columns: Login['columns'] = { integrated: (payload[FLAGS_2]! & INTEGRATED) !== 0 };
  for (const name of ['host', 'user', 'application', 'server', 'database'] as const)
    columns[name] = textAt(payload, AT[name]);
  const from = u16(payload, TOKEN);
  return { columns, token: payload.subarray(from, from + u16(payload, TOKEN + 2)) };
}
