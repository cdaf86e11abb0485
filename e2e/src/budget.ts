/** What a page may cost: transfer sizes, first paint, elements, time per step of the slider and per key. */
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Browser, Page } from 'playwright-core';
import { elementCount, openPage } from './browser.ts';
import { logIn, OWN_PASSWORD } from './walk.ts';

/** A line in the form of the benches: there is no peer to run beside a browser page. */
export interface BudgetRow {
  name: string;
  ours: number;
  peer: null;
  peerValue: null;
  ratio: null;
  /** Such as `<= 190`. */
  bound: string;
  holds: boolean;
}

const DIST = resolve(import.meta.dirname, '../../packages/web/dist');
const SIZE = { width: 1280, height: 720 };
const BREACHES = 5000;

/** Collects tasks of more than 50 ms from the first script on. W3C Long Tasks API. */
const WATCH_LONG_TASKS = `
  window.longTasks = [];
  new PerformanceObserver((list) => window.longTasks.push(...list.getEntries().map((e) => e.duration)))
    .observe({ type: 'longtask', buffered: true })`;

/** Time after the first lines in which the page comes to rest, ms. */
const SETTLED = 1500;

const row = (name: string, value: number, most: number): BudgetRow => ({
  name: `ui.${name}`,
  ours: Math.round(value * 10) / 10,
  peer: null,
  peerValue: null,
  ratio: null,
  bound: `<= ${most}`,
  holds: value <= most,
});

/** kB of the loaded assets with these endings; scripts and styles compressed, fonts as they are. */
async function loaded(page: Page, ending: RegExp): Promise<number> {
  const names = (await page.evaluate(
    `performance.getEntriesByType('resource').map((e) => new URL(e.name).pathname)`,
  )) as string[];
  const files = [...new Set(names)].filter((name) => name.startsWith('/assets/') && ending.test(name));
  const sizes = files.map((name) => {
    const bytes = readFileSync(join(DIST, name));
    return name.endsWith('.woff2') ? bytes.length : gzipSync(bytes).length;
  });
  return sizes.reduce((sum, n) => sum + n, 0) / 1000;
}

/** Many breaches instead of those of the estate. */
function manyBreaches(): string {
  const list = Array.from({ length: BREACHES }, (_, i) => ({
    pbid: i + 1,
    time: Date.now() - i * 60_000,
    score: (i % 100) / 100,
    percentscore: i % 100,
    commentCount: 0,
    acknowledged: false,
    suppressed: false,
    model: { name: `Folder::Model ${i % 60}`, category: 'Suspicious', compliance: false },
    triggeredComponents: [],
    device: { did: (i % 400) + 1, hostname: `host-${i % 400}`, ip: '10.0.0.1' },
  }));
  return JSON.stringify(list);
}

/**
 * Script time of an event, ms, 95th percentile: from the event until the page has been changed, which the library does in
 * a microtask. Layout and paint are left out, as they depend on the machine's graphics.
 */
async function timed(page: Page, act: string, times: number): Promise<number> {
  const costs = (await page.evaluate(`(async () => {
    const costs = [];
    for (let i = 0; i < ${times}; i++) {
      const start = performance.now();
      ${act};
      for (let turn = 0; turn < 10; turn++) await null;
      costs.push(performance.now() - start);
      await new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
    }
    return costs;
  })()`)) as number[];
  return costs.toSorted((a, b) => a - b)[Math.floor(costs.length * 0.95)] ?? 0;
}

async function costOfFiltering(page: Page): Promise<BudgetRow[]> {
  await page.route('**/modelbreaches?*', (route) =>
    route.fulfill({ contentType: 'application/json', body: manyBreaches() }),
  );
  await page.reload();
  await page.waitForSelector('[role=treegrid] [role=row]');
  const slide = `
    const input = document.querySelector('input[type=range]');
    const set = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value').set;
    set.call(input, String((i * 5) % 100));
    input.dispatchEvent(new Event('input', { bubbles: true }))`;
  const slider = await timed(page, slide, 60);
  const press = `document.body.dispatchEvent(new KeyboardEvent('keydown', { key: 'j', bubbles: true }))`;
  const key = await timed(page, press, 60);
  const elements = await elementCount(page);
  return [row('slider_ms', slider, 16), row('key_ms', key, 50), row('dom', elements, 2500)];
}

/** Measures the home screen of a running server, logged in with the walk's password. */
export async function budget(browser: Browser, url: string, username: string): Promise<BudgetRow[]> {
  const { page } = await openPage(browser, url, 'dark', SIZE);
  await page.goto(`${url}/#/?range=14d`);
  await logIn(page, { username, password: OWN_PASSWORD });
  await page.goto('about:blank');
  await page.addInitScript(WATCH_LONG_TASKS);
  const start = Date.now();
  await page.goto(`${url}/#/?range=14d`);
  await page.waitForSelector('[role=treegrid] [role=row]');
  const usable = Date.now() - start;
  await page.waitForTimeout(SETTLED);
  const longTasks = (await page.evaluate('window.longTasks')) as number[];
  const paint = (await page.evaluate(
    `performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0`,
  )) as number;
  const sizes = [
    row('js_kb', await loaded(page, /\.js$/), 190),
    row('css_kb', await loaded(page, /\.css$/), 15),
    row('fonts_kb', await loaded(page, /\.woff2$/), 90),
    row('fcp_ms', paint, 800),
    row('tray_ms', usable, 1500),
    row('long_tasks', longTasks.length, 3),
    row('longest_task_ms', Math.max(0, ...longTasks), 200),
  ];
  const costs = await costOfFiltering(page);
  await page.context().close();
  return [...sizes, ...costs];
}
