import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import type { Page } from 'playwright-core';
import {
  endMandate,
  giveMandate,
  listMandates,
  parseMandateOffer,
  restorePatient,
  type Party,
} from '../../src/client/index.ts';
import { browserMissing } from '../../src/client/test/openBrowser.ts';
import { SCREENS } from '../src/screens/screens.ts';
import family from '../src/words/en/family.json' with { type: 'json' };
import { axeFaults } from './axeFaults.ts';
import { openDemoVisitor } from './demoVisitor.ts';
import { offerFor, openFamily } from './familySteps.ts';
import type { Visit } from './openVisit.ts';
import { setStage } from './setStage.ts';
import { enterAs, RECORDS, untilSettled } from './walkthrough.ts';

const ANA = 'Ana Ferreira';
const TEODOR = 'Teodor Lindqvist';
const BAND = `Acting for ${ANA}`;

const band = (page: Page) => page.getByRole('region', { name: BAND });
const goTo = async (page: Page, path: string): Promise<void> => {
  await page.evaluate((to) => (location.hash = `#${to}`), path);
  await untilSettled(page);
};
const switchTo = async (page: Page): Promise<void> => {
  await openFamily(page);
  await page.getByRole('button', { name: `Act for ${ANA}`, exact: true }).click();
  await page.getByRole('heading', { name: `Health of ${ANA}`, level: 1 }).waitFor();
};
const endAll = async (ana: Party): Promise<void> => {
  for (const { mandate, state } of await listMandates(ana)) {
    if (state === 'active') await endMandate(ana, mandate);
  }
};

describe('a person who acts for a patient in the portal', { skip: browserMissing }, () => {
  const stage = setStage();

  const acting = async (t: TestContext, width = 1280): Promise<Visit & { readonly ana: Party }> => {
    const visit = await stage.visit({ viewport: { width, height: 900 } });
    t.after(async () => await visit.close());
    await enterAs(visit.page, stage.url, 'hospital', TEODOR);
    const text = await offerFor(visit.page, ANA);
    const { party: ana } = await openDemoVisitor(stage.url, 'patient');
    await restorePatient(ana);
    await giveMandate(ana, parseMandateOffer(text));
    await goTo(visit.page, '/verify');
    await switchTo(visit.page);
    return { ...visit, ana };
  };

  for (const width of [1280, 390]) {
    it(`is told so on every page at ${width} px, and refused plainly what a mandate gives nothing for`, async (t) => {
      const { page, ana, complaints } = await acting(t, width);
      assert.match(await page.title(), /^AF – /);
      assert.deepEqual(await axeFaults(page), []);
      await goTo(page, '/records');
      await page.locator(RECORDS).first().waitFor();
      assert.deepEqual(await axeFaults(page), []);
      const paths = [...new Set(SCREENS.map(({ path }) => path))];
      for (const path of paths) {
        const named = path.replace(/\/:\w+\?/g, '').replace(/:\w+/g, `0x${'7'.repeat(64)}`);
        await goTo(page, named);
        await band(page).waitFor();
        const entries = SCREENS.filter((each) => each.path === path);
        const isOffered = entries.some((each) => 'open' in each || each.acting !== undefined);
        const refused = page.getByRole('heading', { name: family.not, level: 1 });
        assert.equal(await refused.count(), isOffered ? 0 : 1, path);
      }
      await goTo(page, '/erase-all');
      await band(page).waitFor();
      await goTo(page, '/me');
      assert.deepEqual(await axeFaults(page), []);
      await band(page)
        .getByRole('button', { name: `Back to ${TEODOR}` })
        .click();
      await page.getByRole('heading', { name: family.title, level: 1 }).waitFor();
      assert.equal(await band(page).count(), 0);
      assert.doesNotMatch(await page.title(), /^AF/);
      await endAll(ana);
      // The explorer asked for places that no log has.
      const others = complaints.filter((each) => !each.includes('0x7777'));
      assert.deepEqual(others, []);
    });
  }

  it('has what is typed for the patient apart from their own, and is themselves again after a reload', async (t) => {
    const { page, ana } = await acting(t);
    const boxes = page.locator('main input[type=checkbox]');
    const openShare = async (): Promise<void> => {
      await goTo(page, '/share');
      const people = page.locator('.people .button', { hasText: 'Lena Brandt' });
      await people.or(boxes.first()).first().waitFor();
      if (await people.isVisible()) await people.click();
      await boxes.first().waitFor();
    };
    const isChecked = async (): Promise<boolean> => await boxes.first().isChecked();
    await openShare();
    const before = await isChecked();
    await boxes.first().setChecked(!before);
    await goTo(page, '/verify');
    await openShare();
    assert.equal(await isChecked(), !before, 'what was typed for the patient is there again');
    await band(page)
      .getByRole('button', { name: `Back to ${TEODOR}` })
      .click();
    await openFamily(page);
    await openShare();
    assert.equal(await isChecked(), before, 'and is not shown for themselves');
    await boxes.nth(1).setChecked(true);
    await goTo(page, '/verify');
    await switchTo(page);
    await openShare();
    assert.equal(await boxes.nth(1).isChecked(), false, 'nor is their own for the patient');
    await band(page)
      .getByRole('button', { name: `Back to ${TEODOR}` })
      .click();
    await openFamily(page);
    await openShare();
    assert.equal(await boxes.nth(1).isChecked(), true, 'which is there again for themselves');
    await switchTo(page);
    await page.reload();
    await enterAs(page, stage.url, 'hospital', TEODOR);
    assert.equal(await band(page).count(), 0);
    await endAll(ana);
  });

  it('is locked with the patient’s chart from another tab, which does not act', async (t) => {
    const { page, ana } = await acting(t);
    const tab = await page.context().newPage();
    await enterAs(tab, stage.url, 'hospital', TEODOR);
    assert.equal(await band(tab).count(), 0);
    await goTo(tab, '/records');
    await band(page).waitFor();
    await tab.getByRole('button', { name: 'Lock' }).first().click();
    await page.getByRole('button', { name: TEODOR }).waitFor();
    assert.equal(await band(page).count(), 0);
    assert.equal(await page.locator(RECORDS).count(), 0);
    await endAll(ana);
  });

  it('sees nothing of the chart once the patient ends it, and comes back to themselves', async (t) => {
    const { page, ana } = await acting(t);
    await goTo(page, '/records');
    await page.locator(RECORDS).first().waitFor();
    await endAll(ana);
    await page.evaluate(() => (location.hash = '#/rights'));
    await page.getByRole('heading', { name: family.over, level: 1 }).waitFor();
    assert.equal(await page.locator(RECORDS).count(), 0);
    assert.deepEqual(await axeFaults(page), []);
    await goTo(page, '/records');
    assert.equal(await page.locator(RECORDS).count(), 0);
    await page
      .locator('main')
      .getByRole('button', { name: `Back to ${TEODOR}` })
      .last()
      .click();
    await page.getByRole('heading', { name: family.title, level: 1 }).waitFor();
    await page.getByText(family['state-ended'], { exact: true }).first().waitFor();
    assert.equal(
      await page.getByRole('button', { name: `Act for ${ANA}`, exact: true }).count(),
      0,
    );
  });
});
