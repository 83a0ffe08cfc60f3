import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import type { Page } from 'playwright-core';
import { requestAccess } from '../../src/client/index.ts';
import { browserMissing } from '../../src/client/test/openBrowser.ts';
import common from '../src/words/en/common.json' with { type: 'json' };
import home from '../src/words/en/home.json' with { type: 'json' };
import news from '../src/words/en/news.json' with { type: 'json' };
import records from '../src/words/en/records.json' with { type: 'json' };
import { openDemoVisitor } from './demoVisitor.ts';
import { requireGood } from './requireGood.ts';
import { setStage } from './setStage.ts';
import { enterAs, openScreen, untilSettled } from './walkthrough.ts';

/** A folder for pictures of the screens; absent if nobody wants them. */
const SHOTS = process.env['SHOTS'];

/** Has somebody ask the patient for access to one more category. */
async function ask(url: string, category: 'imaging' | 'plans' | 'procedures'): Promise<void> {
  const { party } = await openDemoVisitor(url, 'researcher');
  const { handle } = await openDemoVisitor(url, 'patient');
  assert.ok(handle !== undefined);
  const until = Math.floor(Date.now() / 1000) + 24 * 3600;
  await requestAccess(party, {
    handle,
    categories: [category],
    actions: ['read'],
    purpose: 'TREAT',
    until,
  });
}

/** Comes back to the page, at which it looks for letters. */
async function comeBack(page: Page): Promise<void> {
  await page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')));
}

describe('news in the page', { skip: browserMissing }, () => {
  const stage = setStage();

  it('is said on any screen without a reload, keeps the focus, names nobody, covers no main act, and leads to where it is handled', async () => {
    const visit = await stage.visit({ viewport: { width: 390, height: 844 } });
    const { page, complaints } = visit;
    await enterAs(page, stage.url, 'hospital', 'Ana Ferreira');
    await openScreen(page, records.menu);
    const menu = page.getByRole('navigation').first();
    const entry = menu.getByRole('link', { name: home.menu, exact: true });
    const focus = page.locator('main h1');
    await focus.evaluate((title: HTMLElement) => title.focus());
    const title = await page.title();
    // A request waited before she came: it is counted, and nothing says that it came meanwhile.
    const waited = Number((await entry.innerText()).split('\n')[1] ?? 0);
    assert.equal(await page.getByRole('status').first().innerText(), '');

    await ask(stage.url, 'imaging');
    await comeBack(page);
    const toast = page.getByRole('status').filter({ hasText: news.requests });
    await toast.waitFor();
    assert.equal(await toast.innerText(), `${news.requests}\n${news.close}`);
    assert.equal(await page.title(), title);
    assert.ok(await focus.evaluate((own) => document.activeElement === own), 'the focus stays');
    assert.equal(await entry.innerText(), `${home.menu}\n${waited + 1}`);
    await entry.and(page.locator('[aria-describedby]')).waitFor();
    for (const width of [390, 1280]) {
      await page.setViewportSize({ width, height: 844 });
      await page.evaluate(() => scrollTo(0, 0));
      await requireGood(page, `news at ${width} px`);
      const box = await toast.boundingBox();
      for (const act of await page.locator('main .button.main:visible').all()) {
        const other = await act.boundingBox();
        if (box === null || other === null) continue;
        const isApart =
          other.y >= box.y + box.height ||
          other.y + other.height <= box.y ||
          other.x >= box.x + box.width ||
          other.x + other.width <= box.x;
        assert.ok(isApart, `the word on news covers a main act at ${width} px`);
      }
      if (SHOTS !== undefined) await page.screenshot({ path: join(SHOTS, `news-${width}.png`) });
    }

    await toast.getByRole('button', { name: news.close }).click();
    await toast.waitFor({ state: 'detached' });
    await entry.and(page.locator('[aria-describedby]')).waitFor();
    await ask(stage.url, 'plans');
    await comeBack(page);
    await toast.getByRole('link', { name: news.requests }).click();
    await page.getByRole('heading', { name: 'Requests', exact: true }).waitFor();
    await untilSettled(page);
    await toast.waitFor({ state: 'detached' });
    await entry.and(page.locator(':not([aria-describedby])')).waitFor();

    // On the screen where it is handled, the same word shows it.
    await ask(stage.url, 'procedures');
    await comeBack(page);
    const wanted = page.locator('main li', { hasText: 'Procedures' });
    await toast.waitFor();
    assert.equal(await wanted.count(), 0);
    await toast.getByRole('link', { name: news.requests }).click();
    await wanted.first().waitFor();
    await toast.waitFor({ state: 'detached' });

    await ask(stage.url, 'imaging');
    await page.getByRole('button', { name: common.lock }).first().click();
    await page.getByRole('heading', { name: 'Your health records' }).waitFor();
    await comeBack(page);
    assert.equal(await page.locator('[aria-describedby*=news]').count(), 0, 'nothing at lock');
    assert.deepEqual(complaints, []);
    await visit.close();
  });
});
