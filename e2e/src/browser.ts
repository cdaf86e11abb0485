/** Debian's Chromium without a screen, pages that note every error, and axe. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { type Browser, chromium, type Page } from 'playwright-core';

export type Theme = 'dark' | 'light';
export const THEMES: readonly Theme[] = ['dark', 'light'];

export interface Size {
  width: number;
  height: number;
}

const FLAGS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export const launch = (): Promise<Browser> =>
  chromium.launch({ executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium', args: FLAGS });

export interface WatchedPage {
  page: Page;
  /** Errors on the console, uncaught ones, and requests that left the server. */
  faults: string[];
}

/** The question who is logged in is answered with 401 before the log-in; the browser notes it as an error. */
const isExpected = (text: string, url: string): boolean =>
  / 401 /.test(text) && /\/ui\/(session|login)$/.test(url);

/** A page in a fresh profile with a theme, whose faults are collected. */
export async function openPage(
  browser: Browser,
  origin: string,
  theme: Theme,
  size: Size,
): Promise<WatchedPage> {
  const context = await browser.newContext({
    viewport: size,
    ignoreHTTPSErrors: true,
    permissions: ['clipboard-read', 'clipboard-write'],
    reducedMotion: 'reduce',
  });
  await context.addInitScript(
    `localStorage.getItem('thymus.preferences') ?? localStorage.setItem('thymus.preferences', JSON.stringify({ theme: '${theme}' }))`,
  );
  const page = await context.newPage();
  const faults: string[] = [];
  page.on('console', (message) => {
    const { url } = message.location();
    if (message.type() === 'error' && !isExpected(message.text(), url))
      faults.push(`${message.text()} (${url})`);
  });
  page.on('pageerror', (error) => faults.push(String(error)));
  page.on('request', (request) => {
    if (!request.url().startsWith(origin)) faults.push(`a request left the appliance: ${request.url()}`);
  });
  return { page, faults };
}

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

interface Violation {
  id: string;
  nodes: { html: string; any: { message: string }[] }[];
}

/** What axe finds against WCAG 2.2 AA, one line each. Runs in the page's own world, past its content policy. */
export async function violations(page: Page): Promise<string[]> {
  await page.evaluate(axe);
  const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];
  const found = await page.evaluate(
    `axe.run({ runOnly: ${JSON.stringify(tags)} }).then((r) => r.violations)`,
  );
  return (found as Violation[]).map(({ id, nodes }) => {
    const first = nodes[0];
    return `${id} ×${nodes.length}: ${first?.html.slice(0, 200)} ${first?.any[0]?.message ?? ''}`;
  });
}

/** How many elements the page holds. */
export const elementCount = async (page: Page): Promise<number> =>
  (await page.evaluate("document.querySelectorAll('*').length")) as number;
