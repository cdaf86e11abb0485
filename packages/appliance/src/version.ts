/** Version of the product, and where the built web interface lies. */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import manifest from '../package.json' with { type: 'json' };

export const VERSION: string = manifest.version;

/** The folder of the built web interface, or undefined where it has not been built. */
export function webRoot(): string | undefined {
  const folder = resolve(import.meta.dirname, '../../web/dist');
  return existsSync(resolve(folder, 'index.html')) ? folder : undefined;
}
