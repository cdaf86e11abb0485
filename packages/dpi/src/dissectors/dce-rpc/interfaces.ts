/** Names of interfaces and operations of remote procedures, as Zeek writes them; numbers where nobody named them. */
import type { DceRpc } from '@thymus/core';
import { ADMINISTRATION } from './interfaces/administration.ts';
import { DIRECTORY } from './interfaces/directory.ts';
import { OTHERS } from './interfaces/others.ts';
import { SHARING } from './interfaces/sharing.ts';

interface Names {
  readonly endpoint: string;
  readonly operations: readonly string[];
}

const byUuid: ReadonlyMap<string, Names> = new Map(
  [...DIRECTORY, ...ADMINISTRATION, ...SHARING, ...OTHERS].map(({ uuid, endpoint, operations }) => [
    uuid,
    { endpoint, operations: operations?.split(/\s+/) ?? [] },
  ]),
);

/** Interfaces that pipes stand for where the binding was not seen. */
const BY_PIPE: ReadonlyMap<string, string> = new Map(
  [
    'winreg',
    'spoolss',
    'srvsvc',
    'svcctl',
    'samr',
    'netlogon',
    'atsvc',
    'wkssvc',
    'eventlog',
    'lsarpc',
  ].flatMap((endpoint) => {
    const found = [...byUuid].find(([, names]) => names.endpoint === endpoint);
    return found ? [[endpoint, found[0]] as const] : [];
  }),
);

/** Calls that are many and say little; Zeek leaves the same out. */
const IGNORED: ReadonlyMap<string, ReadonlySet<string>> = new Map([
  [
    'winreg',
    new Set([
      'BaseRegCloseKey',
      'BaseRegGetVersion',
      'BaseRegOpenKey',
      'BaseRegQueryValue',
      'BaseRegDeleteKeyEx',
      'OpenLocalMachine',
      'BaseRegEnumKey',
      'OpenClassesRoot',
    ]),
  ],
  ['spoolss', new Set(['RpcSplOpenPrinter', 'RpcClosePrinter'])],
  ['wkssvc', new Set(['NetrWkstaGetInfo'])],
]);

export const endpointName = (uuid: string): string => byUuid.get(uuid)?.endpoint ?? `unknown-${uuid}`;

export function operationName(uuid: string, number: number): string {
  const name = byUuid.get(uuid)?.operations[number];
  return name === undefined || name === '-' ? `unknown-${number}` : name;
}

/** The interface that is meant by a pipe's name, with or without `\PIPE\` before it. */
export const interfaceOfPipe = (pipe: string): string | undefined =>
  BY_PIPE.get(pipe.toLowerCase().replace(/^.*\\/, ''));

export const isIgnored = (endpoint: string, operation: string): boolean =>
  IGNORED.get(endpoint)?.has(operation) ?? false;

const UNKNOWN = 'unknown-';

/** Gives a call that another sensor told by numbers its names; false if it is one of those that are left out. */
export function nameCall(call: DceRpc): boolean {
  const { endpoint = '', operation = '' } = call;
  if (endpoint.startsWith(UNKNOWN) && operation.startsWith(UNKNOWN)) {
    const uuid = endpoint.slice(UNKNOWN.length);
    call.endpoint = endpointName(uuid);
    call.operation = operationName(uuid, Number(operation.slice(UNKNOWN.length)));
  }
  return !isIgnored(call.endpoint ?? '', call.operation ?? '');
}
