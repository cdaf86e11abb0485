/** A place for blocks on their way into the engine: in memory where there is room, else in the data folder. */
import { createHash } from 'node:crypto';
import { mkdir, rm, statfs } from 'node:fs/promises';
import { join, resolve } from 'node:path';

/** RAM-backed: a block is read back by the engine within milliseconds. */
const FAST = '/dev/shm';
const ROOM = 256 * 1024 * 1024;

/**
 * An empty folder of the owner of `folder`. Its name follows from the folder's, so that the owner, who must be the only
 * one, clears away what a killed process left in memory.
 */
export async function makeScratch(folder: string, fast = FAST): Promise<string> {
  const name = `thymus-lake-${createHash('sha256').update(resolve(folder)).digest('hex').slice(0, 16)}`;
  const room = await statfs(fast).then(
    ({ bavail, bsize }) => bavail * bsize,
    () => 0,
  );
  if (room > ROOM) {
    // Other users share that memory, and one of them may have taken the name.
    const made = await makeEmpty(join(fast, name)).catch(() => undefined);
    if (made) return made;
  }
  return makeEmpty(join(folder, 'thymus-scratch'));
}

async function makeEmpty(place: string): Promise<string> {
  await rm(place, { recursive: true, force: true });
  await mkdir(place, { mode: 0o700 });
  return place;
}
