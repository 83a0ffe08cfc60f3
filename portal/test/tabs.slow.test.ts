import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Page } from 'playwright-core';
import { browserMissing } from '../../src/client/test/openBrowser.ts';
import { setStage } from './setStage.ts';
import { enterAs, openScreen, RECORDS, untilSettled } from './walkthrough.ts';

async function addNote(page: Page, title: string): Promise<void> {
  await page.getByLabel('Or write a note').fill(`${title}: once`);
  await page.getByLabel('What is it?').fill(title);
  await page.getByRole('button', { name: 'Seal and add' }).click();
  await page.getByText(`“${title}” is among your records.`).waitFor({ timeout: 60_000 });
}

/** Has another tab hold what the tabs of a person write one after another, until it is let go. */
async function holdWrites(page: Page): Promise<() => Promise<void>> {
  await page.evaluate(async () => {
    const names = (await indexedDB.databases()).map(({ name = '' }) => name);
    const held = names.filter((name) => name.startsWith('medseal/0x'));
    const letGo = new Promise((resolve) => addEventListener('let-go', resolve, { once: true }));
    const holding = held.map(
      async (name) =>
        await new Promise<void>((isHeld) => {
          void navigator.locks.request(name, async () => {
            isHeld();
            await letGo;
          });
        }),
    );
    await Promise.all(holding);
  });
  return async () => {
    await page.evaluate(() => dispatchEvent(new Event('let-go')));
  };
}

/** Waits until so many writes wait for their turn. */
async function untilWaiting(page: Page, count: number): Promise<void> {
  await page.evaluate(async (wanted) => {
    for (let waiting = 0; waiting < wanted;) {
      waiting = (await navigator.locks.query()).pending?.length ?? 0;
      await new Promise((resolve) => requestAnimationFrame(resolve));
    }
  }, count);
}

describe('two tabs of one person', { skip: browserMissing }, () => {
  const stage = setStage();

  it('write one after another, so that neither loses what the other wrote', async () => {
    const visit = await stage.visit();
    const tabs = [visit.page, await visit.page.context().newPage()];
    for (const tab of tabs) {
      await enterAs(tab, stage.url, 'hospital', 'Ana Ferreira');
      await tab.evaluate(() => (location.hash = '#/add'));
      await untilSettled(tab);
    }
    const third = await visit.page.context().newPage();
    await third.goto(`${stage.url}/hospital/portal/`);
    const letGo = await holdWrites(third);
    const adding = tabs.map(async (tab, at) => await addNote(tab, `Note of tab ${at + 1}`));
    await untilWaiting(third, tabs.length);
    await letGo();
    await Promise.all(adding);
    for (const tab of tabs) {
      await openScreen(tab, 'Records');
      await tab.getByRole('button', { name: 'Refresh' }).click();
      const cards = ['Note of tab 1', 'Note of tab 2'].map((title) =>
        tab.locator(RECORDS, { hasText: title }),
      );
      // The list of before stays until there is another.
      await Promise.all(cards.map(async (card) => await card.first().waitFor()));
      for (const card of cards) assert.equal(await card.count(), 1);
    }
    assert.deepEqual(visit.complaints, []);
    await visit.close();
  });
});
