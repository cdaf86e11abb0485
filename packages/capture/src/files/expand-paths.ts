/** Files and folders as the user named them, turned into a list of files. */
import { readdir, realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * All files below the given folders, sorted within each; files as they are, in the order given. Symbolic links are
 * followed, but each real file and folder comes once. Within folders, hidden files and what is no ordinary file are
 * left out; paths that do not exist stay in the list, so that reading them tells the reason.
 */
export async function expandPaths(paths: readonly string[]): Promise<string[]> {
  const walk = new Walk();
  for (const path of paths) await walk.take(path, true);
  return walk.found;
}

class Walk {
  readonly found: string[] = [];
  readonly #seen = new Set<string>();

  async take(path: string, isGiven: boolean): Promise<void> {
    const real = await realpath(path).catch(() => path);
    if (this.#seen.has(real)) return;
    this.#seen.add(real);
    const info = await stat(real).catch(() => undefined);
    if (info?.isDirectory()) await this.#enter(path);
    else if (isGiven || info?.isFile()) this.found.push(path);
  }

  async #enter(folder: string): Promise<void> {
    const names = await readdir(folder).catch(() => []);
    for (const name of names.sort()) if (!name.startsWith('.')) await this.take(join(folder, name), false);
  }
}
