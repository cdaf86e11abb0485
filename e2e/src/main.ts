/**
 * `npm run e2e`: walks through the product in both themes and two sizes, keeps a picture of every screen in e2e/.out
 * and the tray's in docs/images. `--budget` measures what the home screen costs, `--json` prints the rows for machines.
 */
import { copyFileSync, mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Browser } from 'playwright-core';
import { launch, openPage, type Size, THEMES, type Theme, violations } from './browser.ts';
import { type BudgetRow, budget } from './budget.ts';
import { type RunningServer, startServer } from './server.ts';
import { logIn, OWN_PASSWORD, REFUSED, WALK, waitForEstate } from './walk.ts';

const OUT = resolve(import.meta.dirname, '../.out');
const README_PICTURE = resolve(import.meta.dirname, '../../docs/images/tray.png');
const SIZES: readonly Size[] = [
  { width: 1280, height: 720 },
  { width: 1600, height: 900 },
];

const has = (flag: string): boolean => process.argv.includes(flag);

async function pictures(
  browser: Browser,
  server: RunningServer,
  theme: Theme,
  size: Size,
): Promise<string[]> {
  const { page, faults } = await openPage(browser, server.url, theme, size);
  const found: string[] = [];
  await page.goto(server.url);
  await page.waitForSelector('input[name=username]');
  const picture = (name: string) => join(OUT, `${name}-${theme}-${size.width}x${size.height}.png`);
  await page.screenshot({ path: picture('login') });
  await logIn(page, { username: server.username, password: OWN_PASSWORD });
  for (const stop of WALK) {
    await stop.go(page);
    if (REFUSED.includes(stop.name)) faults.length = 0;
    await page.waitForTimeout(600);
    await page.screenshot({ path: picture(stop.name) });
    for (const fault of [...faults.splice(0), ...(await violations(page))])
      found.push(`${stop.name}, ${theme}: ${fault}`);
  }
  await page.context().close();
  return found;
}

function print(rows: readonly BudgetRow[]): void {
  if (has('--json')) process.stdout.write(`${JSON.stringify(rows, null, 2)}\n`);
  else
    for (const { name, ours, bound, holds } of rows)
      process.stdout.write(`${holds ? 'holds' : 'FAILS'}  ${name} = ${ours} (${bound})\n`);
}

async function run(browser: Browser, server: RunningServer): Promise<boolean> {
  const { page } = await openPage(browser, server.url, 'dark', SIZES[0]!);
  await page.goto(server.url);
  await logIn(page, server);
  await waitForEstate(page, 3, 300_000);
  await page.context().close();
  if (has('--budget')) {
    const rows = await budget(browser, server.url, server.username);
    print(rows);
    return rows.every(({ holds }) => holds);
  }
  const faults: string[] = [];
  for (const theme of THEMES)
    for (const size of SIZES) faults.push(...(await pictures(browser, server, theme, size)));
  mkdirSync(resolve(README_PICTURE, '..'), { recursive: true });
  copyFileSync(join(OUT, 'tray-dark-1600x900.png'), README_PICTURE);
  for (const fault of faults) process.stderr.write(`${fault}\n`);
  process.stderr.write(`Pictures are in ${OUT}; ${faults.length} faults.\n`);
  return faults.length === 0;
}

mkdirSync(OUT, { recursive: true });
const server = await startServer({ devices: 60, days: 14 });
const browser = await launch();
try {
  if (!(await run(browser, server))) process.exitCode = 1;
} finally {
  await browser.close();
  await server.stop();
}
