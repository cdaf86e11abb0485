/** The way of an analyst through the product: log in, tray, breach, device, search, status. Mostly by keyboard. */
import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';

/** The password after the first log-in. */
export const OWN_PASSWORD = 'an own password of the walk';

export interface Stop {
  name: string;
  /** Leads the page there and proves that it shows what it should. */
  go(page: Page): Promise<void>;
}

const text = async (page: Page, selector: string): Promise<string> =>
  (await page.locator(selector).first().textContent()) ?? '';

export const hash = async (page: Page): Promise<string> => (await page.evaluate('location.hash')) as string;

const PATIENCE = 30_000;

/**
 * Waits until an expression is true in the page. Asked again and again from here, as the page's content policy forbids
 * the evaluation that playwright's own waiting would do inside of it.
 */
export async function until(page: Page, expression: string, what: string): Promise<void> {
  const end = Date.now() + PATIENCE;
  while (!(await page.evaluate(`Boolean(${expression})`))) {
    assert.ok(Date.now() < end, `never seen: ${what}`);
    await new Promise((again) => setTimeout(again, 50));
  }
}

/** Logs in; the first time the password has to be changed, too. The address is the same afterwards. */
export async function logIn(page: Page, user: { username: string; password: string }): Promise<void> {
  const before = await hash(page);
  await page.fill('input[name=username]', user.username);
  await page.fill('input[name=password]', user.password);
  await page.keyboard.press('Enter');
  await page.waitForSelector('nav, input[name=next]');
  if ((await page.locator('input[name=next]').count()) > 0) {
    await page.fill('input[name=old]', user.password);
    await page.fill('input[name=next]', OWN_PASSWORD);
    await page.fill('input[name=again]', OWN_PASSWORD);
    await page.keyboard.press('Enter');
    await page.waitForSelector('nav');
  }
  assert.equal(await hash(page), before, 'the address survives the log-in');
}

/** What the appliance says of itself, as far as loading is concerned. */
const LOADED = `(async () => {
  const ask = (path) => fetch(path).then((r) => r.json());
  const [status, session, breaches] = await Promise.all([
    ask('/status?fast=true'),
    ask('/ui/session'),
    ask('/modelbreaches?starttime=0&minimal=true'),
  ]);
  const age = session.newest === null ? Infinity : session.now - session.newest;
  return { isCurrent: age < 6 * 3600_000 && status.dataQueue === 0, breaches: breaches.length };
})()`;

/** Waits until the estate is loaded up to now and learned from; the page is logged in. */
export async function waitForEstate(page: Page, leastBreaches: number, patience: number): Promise<void> {
  const end = Date.now() + patience;
  let before = -1;
  for (;;) {
    const { isCurrent, breaches } = (await page.evaluate(LOADED)) as { isCurrent: boolean; breaches: number };
    if (isCurrent && breaches >= leastBreaches && breaches === before) return;
    before = breaches;
    assert.ok(
      Date.now() < end,
      `not loaded after ${patience / 1000} s: ${breaches} breaches, current: ${isCurrent}`,
    );
    await new Promise((again) => setTimeout(again, 1500));
  }
}

const tray: Stop = {
  name: 'tray',
  async go(page) {
    await page.goto(`${new URL(page.url()).origin}/#/?range=14d`);
    await page.reload();
    await until(
      page,
      `document.querySelectorAll('[role=treegrid] [role=row]').length > 0`,
      'a breach in the tray',
    );
    assert.match(await text(page, 'header'), /DEMO/, 'simulated data is marked');
    await page.keyboard.press('0');
    await until(page, `location.hash.includes('min=0')`, 'the threshold in the address');
    await page.keyboard.press('v');
    await until(page, `location.hash.includes('pivot=device')`, 'the pivot in the address');
    await page.keyboard.press('v');
    await until(page, `location.hash.includes('pivot=none')`, 'the pivot in the address');
    await page.keyboard.press('v');
  },
};

const acknowledge: Stop = {
  name: 'acknowledge',
  async go(page) {
    await page.goto(`${new URL(page.url()).origin}/#/breaches?range=14d&min=0&pivot=none`);
    const lines = () => page.locator('[role=treegrid]').getAttribute('aria-rowcount');
    await until(
      page,
      `Number(document.querySelector('[role=treegrid]')?.ariaRowCount ?? document.querySelector('[role=treegrid]')?.getAttribute('aria-rowcount')) > 0`,
      'breaches',
    );
    const before = Number(await lines());
    await page.keyboard.press('e');
    await until(
      page,
      `document.querySelector('[role=status]')?.textContent.includes('acknowledged')`,
      'the message',
    );
    assert.equal(Number((await lines()) ?? 0), before - 1, 'an acknowledged breach leaves');
    await page.keyboard.press('u');
    await until(
      page,
      `document.querySelector('[role=status]')?.textContent.includes('opened again')`,
      'the undo',
    );
    assert.equal(Number(await lines()), before, 'an undone one comes back');
  },
};

const many: Stop = {
  name: 'acknowledge-many',
  async go(page) {
    const lines = async () =>
      Number((await page.locator('[role=treegrid]').getAttribute('aria-rowcount')) ?? 0);
    const before = await lines();
    await page.keyboard.press('Home');
    await page.keyboard.press('x');
    await page.keyboard.press('j');
    await page.keyboard.press('x');
    await until(
      page,
      `document.body.textContent.includes('2 breaches picked')`,
      'the number of picked breaches',
    );
    await page.keyboard.press('e');
    await until(page, `document.body.textContent.includes('2 breaches acknowledged')`, 'the message');
    assert.equal(await lines(), before - 2, 'both leave');
    await page.keyboard.press('u');
    await until(page, `document.body.textContent.includes('2 breaches opened again')`, 'the undo');
    assert.equal(await lines(), before, 'both come back');
  },
};

const breach: Stop = {
  name: 'breach',
  async go(page) {
    const pbid = await page.evaluate(
      `fetch('/modelbreaches?starttime=0&minimal=true').then((r) => r.json()).then((l) => l.toSorted((a, b) => b.score - a.score)[0].pbid)`,
    );
    // the form that other products link to, without the slash
    await page.evaluate(`location.hash = '#modelbreach/${pbid}'`);
    await until(page, `location.hash.startsWith('#/modelbreach/${pbid}')`, 'the rewritten address');
    await until(page, `document.querySelector('h1')?.textContent.includes('/')`, 'the name of the model');
    assert.match(await text(page, 'main'), /Observed.*Required.*How the score came about/s, 'the why-box');
    await until(
      page,
      `document.querySelectorAll('[role=treegrid] [role=row]').length > 1`,
      'records behind the breach',
    );
  },
};

const graph: Stop = {
  name: 'graph',
  async go(page) {
    await page.keyboard.press('4');
    await until(
      page,
      `document.querySelector('canvas') !== null || document.querySelector('main').textContent.includes('No values')`,
      'the graph',
    );
  },
};

const device: Stop = {
  name: 'device',
  async go(page) {
    await page.locator('main header a[href*="/device/"]').first().click();
    await until(page, `location.hash.includes('/device/')`, 'the device page');
    await until(page, `document.querySelector('main').textContent.includes('First seen')`, 'its identity');
    await page.keyboard.press('2');
    await until(
      page,
      `document.querySelector('canvas') !== null || document.querySelector('main').textContent.includes('No values')`,
      'its pattern of life',
    );
  },
};

const devices: Stop = {
  name: 'devices',
  async go(page) {
    await page.evaluate(`location.hash = '#/breaches?range=14d'`);
    await until(page, `document.title.startsWith('Breaches')`, 'the list of breaches');
    await page.keyboard.press('g');
    await page.keyboard.press('d');
    await until(page, `document.querySelectorAll('[role=treegrid] [role=row]').length > 3`, 'devices');
    assert.match(await hash(page), /range=14d/, 'the time range goes along from screen to screen');
  },
};

const search: Stop = {
  name: 'search',
  async go(page) {
    await page.keyboard.press('g');
    await page.keyboard.press('s');
    await page.waitForSelector('textarea');
    await page.keyboard.press('q');
    await page.keyboard.type('@type:conn');
    await page.keyboard.press('Enter');
    await until(page, `location.hash.includes('q=')`, 'the query in the address');
    await until(page, `document.querySelectorAll('[role=treegrid] [role=row]').length > 3`, 'records');
    await until(
      page,
      `document.querySelector('main svg path')?.getAttribute('d').length > 10`,
      'the histogram',
    );
    await page.keyboard.press('Escape');
    await page.keyboard.press('j');
    await page.keyboard.press('o');
    await until(
      page,
      `document.querySelector('[role=row][aria-expanded=true]') !== null`,
      'an opened record',
    );
  },
};

const fault: Stop = {
  name: 'search-fault',
  async go(page) {
    await page.goto(`${new URL(page.url()).origin}/#/search?q=${encodeURIComponent('@type:conn AND (')}`);
    await page.waitForSelector('[role=alert] mark');
  },
};

const status: Stop = {
  name: 'status',
  async go(page) {
    await page.keyboard.press('g');
    await page.keyboard.press('y');
    await until(page, `document.querySelector('main').textContent.includes('Health')`, 'the checks');
  },
};

const lost: Stop = {
  name: 'not-found',
  async go(page) {
    await page.evaluate(`location.hash = '#nowhere/7'`);
    await until(page, `document.querySelector('main').textContent.includes('no screen')`, 'the way on');
  },
};

const broken: Stop = {
  name: 'broken-address',
  async go(page) {
    await page.evaluate(`location.hash = '#/breaches?range=5y&min=999&pivot=planet&cat=None&from=x&to=y'`);
    await until(
      page,
      `document.querySelector('output')?.textContent.includes('100')`,
      'the clamped threshold',
    );
  },
};

const help: Stop = {
  name: 'help',
  async go(page) {
    await page.keyboard.press('g');
    await page.keyboard.press('h');
    await until(page, `location.hash.startsWith('#/?') || location.hash === '#/'`, 'home');
    await page.keyboard.press('?');
    await page.waitForSelector('dialog[open]');
  },
};

/** In this order: later stops use what earlier ones opened. */
export const WALK: readonly Stop[] = [
  tray,
  acknowledge,
  many,
  breach,
  graph,
  device,
  devices,
  search,
  fault,
  status,
  lost,
  broken,
  help,
];

/** Stops that make a refused request on purpose: the browser notes those as errors. */
export const REFUSED: readonly string[] = [fault.name];
