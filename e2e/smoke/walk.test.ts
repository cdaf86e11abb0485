import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Browser } from 'playwright-core';
import { elementCount, launch, openPage, THEMES, violations } from '../src/browser.ts';
import { type RunningServer, startServer } from '../src/server.ts';
import { logIn, OWN_PASSWORD, REFUSED, until, WALK, waitForEstate } from '../src/walk.ts';

const SIZE = { width: 1280, height: 720 };

describe('the product in a browser, on a small simulated estate', () => {
  let server: RunningServer;
  let browser: Browser;

  before(async () => {
    server = await startServer({ devices: 20, days: 4 });
    browser = await launch();
    const { page } = await openPage(browser, server.url, 'dark', SIZE);
    await page.goto(`${server.url}/#modelbreach/1`);
    await logIn(page, server);
    await waitForEstate(page, 3, 120_000);
    await page.context().close();
  });

  after(async () => {
    await browser?.close();
    await server?.stop();
  });

  for (const theme of THEMES)
    test(`every screen works, is clean for axe and stays small in the ${theme} theme`, async () => {
      const { page, faults } = await openPage(browser, server.url, theme, SIZE);
      await page.goto(server.url);
      assert.deepEqual(await violations(page), [], 'log-in');
      await logIn(page, { username: server.username, password: OWN_PASSWORD });
      for (const stop of WALK) {
        await stop.go(page);
        if (REFUSED.includes(stop.name)) faults.length = 0;
        assert.deepEqual(faults, [], stop.name);
        assert.deepEqual(await violations(page), [], stop.name);
        assert.ok((await elementCount(page)) <= 2500, `${stop.name} holds too many elements`);
      }
      await page.context().close();
    });

  test('a wrong password is refused and said so', async () => {
    const { page } = await openPage(browser, server.url, 'dark', SIZE);
    await page.goto(server.url);
    await page.fill('input[name=username]', server.username);
    await page.fill('input[name=password]', 'not the password');
    await page.keyboard.press('Enter');
    await until(page, `document.querySelector('[role=alert]')?.textContent.includes('wrong')`, 'the refusal');
    await page.context().close();
  });
});
