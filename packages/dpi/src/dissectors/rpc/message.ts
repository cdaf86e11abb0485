/** ONC RPC: calls with who makes them, and replies. RFC 5531 §9; values as XDR, RFC 4506. */
import { Reader } from '@thymus/core';
import { fieldText } from '../../text.ts';

const CALL = 0;
const REPLY = 1;
const VERSION = 2;
const AUTH_SYS = 1;
const MOST_CREDENTIALS = 400;
const ACCEPTED = 0;

export interface RpcCall {
  readonly xid: number;
  readonly program: number;
  readonly version: number;
  readonly procedure: number;
  readonly userId: number | undefined;
  readonly machine: string | undefined;
  /** Stands at the arguments. */
  readonly arguments: Reader;
}

export interface RpcReply {
  readonly xid: number;
  /** Stands at the results; undefined where the call was refused. */
  readonly results: Reader | undefined;
}

/** True if a call for one of the programs begins at `at`. */
export function beginsCall(bytes: Uint8Array, at: number, programs: readonly number[]): boolean {
  // Nearly everything that is none differs here: a call is type 0 of version 2.
  if (bytes[at + 7] !== CALL || bytes[at + 11] !== VERSION) return false;
  const r = new Reader(bytes, at + 4);
  const isCall = r.u32() === CALL && r.u32() === VERSION;
  const isKnown = programs.includes(r.u32()) && r.u32() <= 4 && r.u32() < 64;
  return isCall && isKnown && !r.bad;
}

/** Bytes of opaque data with its length in front, as a view. */
export function readOpaque(r: Reader): Uint8Array {
  const length = r.u32();
  const bytes = r.take(length);
  if (!r.bad) r.skip(Math.min(-length & 3, r.left));
  return bytes;
}

export function readText(r: Reader): string {
  const bytes = readOpaque(r);
  return fieldText(bytes, 0, bytes.length);
}

/** Reads a call; undefined for what is none. */
export function readCall(bytes: Uint8Array): RpcCall | undefined {
  const r = new Reader(bytes);
  const xid = r.u32();
  if (r.u32() !== CALL || r.u32() !== VERSION) return undefined;
  const [program, version, procedure] = [r.u32(), r.u32(), r.u32()];
  const flavour = r.u32();
  const credentials = readOpaque(r);
  r.skip(4);
  readOpaque(r);
  if (r.bad) return undefined;
  const caller =
    flavour === AUTH_SYS && credentials.length <= MOST_CREDENTIALS ? readCaller(credentials) : {};
  return {
    xid,
    program,
    version,
    procedure,
    userId: caller.userId,
    machine: caller.machine,
    arguments: new Reader(bytes, r.at),
  };
}

/** Stamp, machine, user, groups. */
function readCaller(credentials: Uint8Array): { userId?: number; machine?: string } {
  const r = new Reader(credentials, 4, Math.max(4, credentials.length));
  const machine = readText(r);
  const userId = r.u32();
  return r.bad ? {} : { userId, machine };
}

/** Reads a reply; undefined for what is none. */
export function readReply(bytes: Uint8Array): RpcReply | undefined {
  const r = new Reader(bytes);
  const xid = r.u32();
  if (r.u32() !== REPLY) return undefined;
  const state = r.u32();
  if (state !== ACCEPTED) return r.bad ? undefined : { xid, results: undefined };
  r.skip(4);
  readOpaque(r);
  const isDone = r.u32() === 0;
  if (r.bad) return undefined;
  return { xid, results: isDone ? new Reader(bytes, r.at) : undefined };
}
