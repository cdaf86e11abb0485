/** Holds the coverage floors: 95 % of lines in the pure packages, 85 % elsewhere. Reads coverage/lcov.info. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';

const FLOORS: Record<string, number> = { core: 95, dpi: 95, detect: 95, contract: 95, simulate: 95 };
const FLOOR = 85;

const root = resolve(import.meta.dirname, '..');
const totals = new Map<string, { found: number; hit: number }>();
let file = '';
for (const line of readFileSync(resolve(root, 'coverage/lcov.info'), 'utf8').split('\n')) {
  if (line.startsWith('SF:')) file = resolve(root, line.slice(3));
  const [, name] = /\/packages\/([^/]+)\/src\//.exec(file) ?? [];
  if (!name || file.endsWith('.test.ts')) continue;
  const total = totals.get(name) ?? { found: 0, hit: 0 };
  if (line.startsWith('LF:')) total.found += Number(line.slice(3));
  if (line.startsWith('LH:')) total.hit += Number(line.slice(3));
  totals.set(name, total);
}

let isHeld = totals.size > 0;
for (const [name, { found, hit }] of [...totals].sort()) {
  const percent = (100 * hit) / found;
  const floor = FLOORS[name] ?? FLOOR;
  if (percent < floor) isHeld = false;
  console.log(
    `coverage: ${name} ${percent.toFixed(1)} % of lines${percent < floor ? `, floor ${floor} %` : ''}`,
  );
}
process.exitCode = isHeld ? 0 : 1;
