/** Who asks: an API token, a log-in, the local administrator, or nobody yet. */
import type { IncomingMessage } from 'node:http';
import type { Http2ServerRequest } from 'node:http2';
import { PERMISSIONS, type Permission } from '@thymus/contract';

/** What the listener knows about a connection; absent in tests and in calls from inside. */
export interface Bindings {
  incoming?: IncomingMessage | Http2ServerRequest;
  /** The request came over the socket in the data folder, which only its owner can open. */
  isLocal?: boolean;
}

export interface Principal {
  /** Name for comments and the audit. */
  username: string;
  permissions: ReadonlySet<Permission>;
  via: 'token' | 'session' | 'local' | 'nobody';
  /** The secret of the session. */
  secret?: string;
  csrf?: string;
  userId?: number;
  mustChange?: boolean;
  /** The query of a signed POST was not signed itself. */
  isQueryUnsigned?: boolean;
}

const ALL: ReadonlySet<Permission> = new Set(PERMISSIONS);

export const NOBODY: Principal = { username: '', permissions: new Set(), via: 'nobody' };
export const LOCAL: Principal = { username: 'local', permissions: ALL, via: 'local' };

/** Permissions as stored; unknown ones are ignored, `admin` stands for all. */
export function permissionsOf(names: readonly string[]): ReadonlySet<Permission> {
  return names.includes('admin') ? ALL : new Set(PERMISSIONS.filter((name) => names.includes(name)));
}

/** What a token that belongs to nobody may do: everything but manage. */
export const GLOBAL_TOKEN: ReadonlySet<Permission> = new Set(PERMISSIONS.filter((name) => name !== 'admin'));

/** Address at the other end, for the audit and for delays. */
export const addressOf = ({ incoming, isLocal }: Bindings): string =>
  isLocal ? 'local' : (incoming?.socket.remoteAddress ?? 'unknown');
