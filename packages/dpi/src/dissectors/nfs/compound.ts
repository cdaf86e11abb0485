/** Operations within a call of NFS version 4, as far as they can be followed. RFC 7530 §16, RFC 8881 §18. */
import type { Reader } from '@thymus/core';
import { hexText } from '../../text.ts';
import { readOpaque, readText } from '../rpc/message.ts';
import type { Action } from './actions.ts';

const MOST_OPERATIONS = 32;
const MOST_ACTIONS = 8;
const MOST_HANDLE = 64;
const MOST_WORDS = 16;

/** Operations whose arguments have a fixed size: GETFH, LOOKUPP, PUTROOTFH, SEQUENCE and so on. */
const FIXED: Readonly<Record<number, number>> = {
  3: 4,
  4: 20,
  5: 12,
  10: 0,
  16: 0,
  24: 0,
  27: 0,
  31: 0,
  32: 0,
  53: 32,
};

const CREATE = 6;
const GETATTR = 9;
const LINK = 11;
const LOOKUP = 15;
const OPEN = 18;
const PUTFH = 22;
const READ = 25;
const READDIR = 26;
const REMOVE = 28;
const RENAME = 29;
const SETATTR = 34;
const WRITE = 38;

const STATE_ID = 16;
const SYMBOLIC_LINK = 5;

/** What the operations do, up to the first that is unknown or broken. */
export function readCompound(r: Reader): readonly Action[] {
  const actions: Action[] = [];
  readOpaque(r);
  r.skip(4);
  const count = Math.min(r.u32(), MOST_OPERATIONS);
  let handle: string | undefined;
  for (let i = 0; i < count && actions.length < MOST_ACTIONS && !r.bad; i++) {
    const operation = r.u32();
    const size = FIXED[operation];
    if (size !== undefined) r.skip(size);
    else if (operation === PUTFH) handle = handleText(readOpaque(r));
    else if (operation === GETATTR) skipBitmap(r);
    else {
      const action = readOperation(operation, r);
      if (!action || r.bad) break;
      actions.push(handle === undefined ? action : { ...action, handle });
      if (action.procedure === 'LOOKUP') handle = undefined;
    }
  }
  return actions;
}

const handleText = (bytes: Uint8Array): string => hexText(bytes, 0, Math.min(bytes.length, MOST_HANDLE));

function skipBitmap(r: Reader): void {
  const words = r.u32();
  if (words > MOST_WORDS) r.bad = true;
  else r.skip(words * 4);
}

function readOperation(operation: number, r: Reader): Action | undefined {
  switch (operation) {
    case LOOKUP:
      return { procedure: 'LOOKUP', name: readText(r) };
    case REMOVE:
      return { procedure: 'REMOVE', name: readText(r) };
    case LINK:
      return { procedure: 'LINK', target: readText(r) };
    case RENAME:
      return { procedure: 'RENAME', name: readText(r), target: readText(r) };
    case CREATE:
      return readCreate(r);
    case OPEN:
      return readOpen(r);
    case READ:
      r.skip(STATE_ID + 12);
      return { procedure: 'READ' };
    case WRITE:
      // Its data comes last and is not waited for.
      r.skip(STATE_ID + 12);
      return { procedure: 'WRITE' };
    case READDIR:
      r.skip(24);
      skipBitmap(r);
      return { procedure: 'READDIR' };
    case SETATTR:
      r.skip(STATE_ID);
      skipAttributes(r);
      return { procedure: 'SETATTR' };
    default:
      return undefined;
  }
}

function skipAttributes(r: Reader): void {
  skipBitmap(r);
  readOpaque(r);
}

/** Kind of object, with a target for links and numbers for devices; then the name. */
function readCreate(r: Reader): Action {
  const kind = r.u32();
  const target = kind === SYMBOLIC_LINK ? readText(r) : undefined;
  if (kind === 3 || kind === 4) r.skip(8);
  const name = readText(r);
  skipAttributes(r);
  return target === undefined ? { procedure: 'CREATE', name } : { procedure: 'SYMLINK', name, target };
}

/** Sequence, share, owner, how to create, and which file: by name, or the one at hand. */
function readOpen(r: Reader): Action {
  r.skip(20);
  readOpaque(r);
  const isCreated = r.u32() === 1;
  if (isCreated) {
    const mode = r.u32();
    if (mode > 1) r.skip(8);
    if (mode !== 2) skipAttributes(r);
  }
  const procedure = isCreated ? 'CREATE' : 'OPEN';
  return r.u32() === 0 ? { procedure, name: readText(r) } : { procedure };
}
