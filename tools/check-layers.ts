/** Holds the dependency rule: a package imports only from lower tiers, and never reaches out of its folder. */
import { globSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

const TIERS = [
  ['core'],
  ['dpi', 'detect', 'contract', 'simulate'],
  ['capture', 'store', 'lake', 'link', 'saas', 'integrations'],
  ['appliance', 'sensors', 'hub', 'web'],
  ['evaluate', 'validate'],
  ['console'],
];
const tierOf = (name: string) => TIERS.findIndex((tier) => tier.includes(name));

const root = resolve(import.meta.dirname, '..');
const faults: string[] = [];

for (const manifest of globSync('packages/*/package.json', { cwd: root })) {
  const name = dirname(manifest).split('/')[1]!;
  const { dependencies = {} } = JSON.parse(readFileSync(join(root, manifest), 'utf8')) as {
    dependencies?: Record<string, string>;
  };
  if (tierOf(name) < 0) faults.push(`${manifest}: the package stands in no tier of tools/check-layers.ts`);
  for (const used of Object.keys(dependencies).filter((d) => d.startsWith('@thymus/'))) {
    const tier = tierOf(used.slice('@thymus/'.length));
    if (tier < 0 || tier >= tierOf(name)) faults.push(`${manifest}: ${used} is not in a lower tier`);
  }
}

for (const file of globSync('packages/*/src/**/*.{ts,tsx}', { cwd: root })) {
  const folder = join(root, file.split('/').slice(0, 2).join('/'));
  const text = readFileSync(join(root, file), 'utf8');
  for (const [, target] of text.matchAll(/(?:from|import)\s*\(?\s*'(\.[^']+)'/g)) {
    const path = resolve(root, dirname(file), target!);
    const isTestTool = file.endsWith('.test.ts') && path.startsWith(join(root, 'tools'));
    if (!path.startsWith(`${folder}/`) && !isTestTool) faults.push(`${file}: ${target} leaves the package`);
  }
}

for (const fault of faults) console.error(fault);
console.log(`layers: ${faults.length === 0 ? 'hold' : `${faults.length} faults`}`);
process.exitCode = faults.length === 0 ? 0 : 1;
