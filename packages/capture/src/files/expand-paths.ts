/** Files and folders as the user named them, turned into a list of files. */
import { readdir, realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * All files below the given folders, sorted within each; files as they are, in the order given. Symbolic links are
 * followed, each real folder is walked once. Within folders, hidden files and what is no ordinary file are left out;
 * paths that do not exist stay in the list, so that reading them tells the reason.
 */
export async function expandPaths(paths: readonly string[]): Promise<string[]> {
  const found: string[] = [];
  const walked = new Set<string>();
  for (const path of paths) {
    const info = await stat(path).catch(() => undefined);
    if (info?.isDirectory()) await walk(path, walked, found);
    else found.push(path);
  }
  return [...new Set(found)];
}

async function walk(folder: string, walked: Set<string>, found: string[]): Promise<void> {
  const real = await realpath(folder);
  if (walked.has(real)) return;
  walked.add(real);
  const names = await readdir(folder).catch(() => []);
  for (const name of names.sort()) {
    if (name.startsWith('.')) continue;
    const path = join(folder, name);
    const info = await stat(path).catch(() => undefined);
    if (info?.isDirectory()) await walk(path, walked, found);
    else if (info?.isFile()) found.push(path);
  }
}
