/** Captures that are large to keep and slow to make: made once and found again by their name. */
import { closeSync, existsSync, mkdirSync, openSync, renameSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { pcapHeader } from '../../packages/core/src/index.ts';
import { sharedFolder } from '../shared.ts';

const CACHE = join(import.meta.dirname, '../../bench/.cache');

/** Path of a capture of this name; `write` appends the packets where it is missing. */
export async function madeOnce(name: string, write: (file: number) => void | Promise<void>): Promise<string> {
  const path = join(CACHE, name);
  if (existsSync(path)) return path;
  mkdirSync(CACHE, { recursive: true });
  process.stderr.write(`Making ${path}, once.\n`);
  const file = openSync(`${path}.part`, 'w');
  try {
    writeSync(file, pcapHeader());
    await write(file);
  } finally {
    closeSync(file);
  }
  renameSync(`${path}.part`, path);
  return path;
}

/** The recordings of the reference corpora; throws where they are missing. */
export function capturesFolder(): string {
  const shared = sharedFolder();
  if (!shared) throw new Error('Captures for the bench need the recordings of the reference corpora.');
  return join(shared, 'corpora/zeek/captures');
}
