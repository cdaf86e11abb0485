/** What a call does to which file, from its arguments. RFC 1094 §2.2, RFC 1813 §3.3, §5.2, RFC 1833 §2, §3. */
import type { Reader } from '@thymus/core';
import { hexText } from '../../text.ts';
import { type RpcCall, readOpaque, readText } from '../rpc/message.ts';
import { readCompound } from './compound.ts';
import { MOUNT, NFS, procedureName, programName } from './names.ts';

const HANDLE2 = 32;
const MOST_HANDLE = 64;

/** One thing that a call does. */
export interface Action {
  readonly procedure: string;
  readonly handle?: string;
  readonly name?: string;
  readonly target?: string;
}

/** Procedures that name an entry of a folder, and those that speak of a file as a whole. */
const NAMING: readonly string[] = ['LOOKUP', 'CREATE', 'MKDIR', 'SYMLINK', 'MKNOD', 'REMOVE', 'RMDIR'];
const TOUCHING: readonly string[] = ['SETATTR', 'READLINK', 'READ', 'WRITE', 'READDIR', 'READDIRPLUS'];
/** Of these the first counts for each file: the rest would tell the same many times. */
const REPEATING: readonly string[] = ['LOOKUP', 'READLINK', 'READ', 'WRITE', 'READDIR', 'READDIRPLUS'];

export const isRepeating = ({ procedure }: Action): boolean => REPEATING.includes(procedure);

/** What a call does that is worth a row; the reader of its arguments is used up. */
export function readActions({ program, version, procedure, arguments: r }: RpcCall): readonly Action[] {
  const name = procedureName(program, version, procedure);
  const actions =
    program === NFS
      ? version === 4
        ? name === 'COMPOUND'
          ? readCompound(r)
          : []
        : readFileCall(name, version, r)
      : program === MOUNT
        ? readMount(name, r)
        : readMapping(name, version, r);
  return version < 4 && r.bad ? [] : actions;
}

/** The handle of a file or folder: of 32 bytes in version 2, with its length before it later. */
export function readHandle(r: Reader, version: number): string {
  const bytes = version === 2 ? r.take(HANDLE2) : readOpaque(r);
  return hexText(bytes, 0, Math.min(bytes.length, MOST_HANDLE));
}

function readFileCall(procedure: string, version: number, r: Reader): readonly Action[] {
  if (TOUCHING.includes(procedure)) return [{ procedure, handle: readHandle(r, version) }];
  if (procedure === 'LINK') {
    const handle = readHandle(r, version);
    readHandle(r, version);
    return [{ procedure, handle, target: readText(r) }];
  }
  if (procedure === 'RENAME') {
    const action = { procedure, handle: readHandle(r, version), name: readText(r) };
    readHandle(r, version);
    return [{ ...action, target: readText(r) }];
  }
  if (!NAMING.includes(procedure)) return [];
  const action = { procedure, handle: readHandle(r, version), name: readText(r) };
  if (procedure !== 'SYMLINK') return [action];
  if (version === 3) skipAttributes(r);
  return [{ ...action, target: readText(r) }];
}

/** Attributes to set: mode, user, group, size, two times, each with whether it is there. RFC 1813 §2.5.3. */
function skipAttributes(r: Reader): void {
  for (const size of [4, 4, 4, 8]) if (r.u32() !== 0) r.skip(size);
  for (let i = 0; i < 2; i++) if (r.u32() === 2) r.skip(8);
}

function readMount(procedure: string, r: Reader): readonly Action[] {
  if (procedure === 'NULL') return [];
  return procedure === 'MNT' || procedure === 'UMNT' ? [{ procedure, name: readText(r) }] : [{ procedure }];
}

/** Program, version and transport that are asked for. */
function readMapping(procedure: string, version: number, r: Reader): readonly Action[] {
  if (procedure === 'NULL') return [];
  if (!['SET', 'UNSET', 'GETPORT', 'GETADDR', 'CALLIT', 'BCAST'].includes(procedure)) return [{ procedure }];
  const name = `${programName(r.u32())} ${r.u32()}`;
  if (procedure === 'CALLIT' || procedure === 'BCAST') return [{ procedure, name }];
  if (version > 2) return [{ procedure, name: `${name} ${readText(r)}` }];
  const protocol = r.u32();
  return [{ procedure, name: `${name} ${protocol === 6 ? 'tcp' : protocol === 17 ? 'udp' : protocol}` }];
}
