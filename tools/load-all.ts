/** Loads every source file before the tests, so that files nobody imports count in the coverage. */
import { globSync } from 'node:fs';
import { resolve } from 'node:path';

const root = resolve(import.meta.dirname, '..');
/** Programs and threads start working when they are loaded; they are covered by the walks in e2e. */
const PROGRAMS =
  /(\.test\.ts|\.d\.ts|-worker\.ts|-child\.ts|console\/src\/(main|thymus)\.ts|web\/src\/main\.ts)$/;

/** The web's files need a browser unless their tests say otherwise. */
const BROWSER = /^packages\/web\//;

for (const file of globSync('packages/*/src/**/*.ts', { cwd: root })) {
  if (!PROGRAMS.test(file) && !BROWSER.test(file)) await import(resolve(root, file));
}
