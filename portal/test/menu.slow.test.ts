import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Page } from 'playwright-core';
import { browserMissing } from '../../src/client/test/openBrowser.ts';
import { setStage } from './setStage.ts';
import { requireGood } from './requireGood.ts';
import { reachSight } from './sights.ts';
import { enterAs, untilSettled } from './walkthrough.ts';

async function currentIn(page: Page): Promise<readonly string[]> {
  return await page.locator('nav a[aria-current=page] span:visible').allInnerTexts();
}

async function untilTitled(page: Page, title: string): Promise<void> {
  await page.waitForFunction((wanted) => document.title === wanted, title);
}

describe('the menu', { skip: browserMissing }, () => {
  const stage = setStage();

  it('marks the entry that one is on; on a phone it marks More if the entry stands there', async () => {
    const visit = await stage.visit({ viewport: { width: 390, height: 844 } });
    const { page } = visit;
    await enterAs(page, stage.url, 'hospital', 'Ana Ferreira');
    await reachSight(page, { name: 'own prescriptions', path: '/prescriptions' });
    assert.deepEqual(await currentIn(page), ['More']);
    await page.setViewportSize({ width: 1280, height: 900 });
    await page.locator('nav a[aria-current=page]', { hasText: 'Prescriptions' }).waitFor();
    // The browser says a moment later that the page is wide.
    const more = page.locator('nav a[aria-current=page]', { hasText: 'More' });
    await more.waitFor({ state: 'detached' });
    assert.deepEqual(await currentIn(page), ['Prescriptions']);
    await page.setViewportSize({ width: 390, height: 844 });
    await reachSight(page, { name: 'records', path: '/records' });
    assert.deepEqual(await currentIn(page), ['Records']);
    await visit.close();
  });

  it('is not all that gives a title: each screen that another one opens has its own', async () => {
    const visit = await stage.visit();
    const { page } = visit;
    await enterAs(page, stage.url, 'hospital', 'Ana Ferreira');
    for (const [path, title] of [
      ['/requests', 'Requests'],
      ['/add', 'Add to your records'],
      ['/share', 'Share records'],
      ['/rules', 'Standing rules'],
      ['/files', 'Files for other programs'],
      ['/will', 'After your death'],
      ['/birth', 'Name me as the mother'],
      ['/devices', 'Devices'],
      ['/claims/new', 'Make a claim'],
      ['/me/keys', 'Your key'],
      ['/more', 'More'],
      ['/home', 'My health'],
    ] as const) {
      await reachSight(page, { name: path, path });
      await untilTitled(page, `${title} – Medseal`);
    }
    await page.getByRole('button', { name: 'Lock', exact: true }).first().click();
    await page.getByRole('heading', { name: 'Your health records' }).waitFor();
    await untilTitled(page, 'Medseal');
    await enterAs(page, stage.url, 'hospital', 'Dr. Lena Brandt');
    for (const [path, title] of [
      ['/ask', 'Whom do you ask?'],
      ['/asked', 'Your requests for access'],
    ] as const) {
      await reachSight(page, { name: path, path });
      await untilTitled(page, `${title} – Medseal`);
    }
    await visit.close();
  });

  it('is searched by the keyboard alone: a doctor comes to a patient’s chart by three letters, and not once the page is locked', async () => {
    const visit = await stage.visit();
    const { page, complaints } = visit;
    await enterAs(page, stage.url, 'hospital', 'Dr. Lena Brandt');
    await untilSettled(page);
    await page.keyboard.press('Control+k');
    const field = page.getByRole('combobox', { name: 'A screen, a patient or a record' });
    await field.waitFor();
    await requireGood(page, 'find');
    await page.keyboard.press('Control+k');
    assert.equal(await page.locator('dialog').count(), 1);
    await page.keyboard.type('ana');
    await page.getByRole('option', { name: 'Ana Ferreira Patient' }).waitFor();
    await page.keyboard.press('Enter');
    await page.locator('.patient-banner', { hasText: 'Ana Ferreira' }).waitFor();
    assert.doesNotMatch(page.url(), /0x/);

    await page.keyboard.press('Control+k');
    await field.waitFor();
    await page.keyboard.type('zzz');
    await page.getByText('Nothing has these letters.').waitFor();
    await page.keyboard.press('Enter');
    await page.keyboard.press('Escape');
    await field.waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Lock', exact: true }).first().click();
    await page.getByRole('heading', { name: 'Your health records' }).waitFor();
    await page.keyboard.press('Control+k');
    assert.equal(await page.locator('dialog').count(), 0);
    assert.deepEqual(complaints, []);
    await visit.close();
  });

  it('is searched on a phone too, from More, by a patient who finds an own record by its title', async () => {
    const visit = await stage.visit({ viewport: { width: 390, height: 844 } });
    const { page, complaints } = visit;
    await enterAs(page, stage.url, 'hospital', 'Ana Ferreira');
    await reachSight(page, { name: 'records', path: '/records' });
    await untilSettled(page);
    await page.locator('nav').getByRole('link', { name: 'More' }).click();
    await page.getByRole('button', { name: 'Find' }).click();
    await page.getByRole('combobox', { name: /^A screen/ }).fill('lisinopril');
    await page
      .getByRole('option', { name: /Lisinopril.* Record/ })
      .first()
      .click();
    await page.getByRole('heading', { level: 1, name: /Lisinopril/ }).waitFor();
    assert.match(page.url(), /#\/records\//);
    assert.deepEqual(complaints, []);
    await visit.close();
  });
});
