/** Where the reference corpora lie: beside the project, or where THYMUS_SHARED says. */
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';

let hasTold = false;

/**
 * The folder with the corpora, or undefined where there is none: then tests that need it are skipped, loudly. With
 * CI=true a missing folder is an error, so that no check is lost in silence.
 */
export function sharedFolder(): string | undefined {
  const folder = process.env['THYMUS_SHARED'] ?? resolve(import.meta.dirname, '../../shared');
  if (existsSync(join(folder, 'corpora'))) return folder;
  if (process.env['CI'] === 'true') throw new Error(`No corpora in ${folder}: set THYMUS_SHARED.`);
  if (!hasTold) process.stderr.write(`SKIPPED: tests on recorded traffic, as ${folder} holds no corpora.\n`);
  hasTold = true;
  return undefined;
}
