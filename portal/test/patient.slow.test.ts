import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Page } from 'playwright-core';
import { axeFaults } from './axeFaults.ts';
import { browserMissing } from '../../src/client/test/openBrowser.ts';
import { setStage } from './setStage.ts';
import { enterAs, openChart, openScreen, untilSettled } from './walkthrough.ts';

const PATIENT = 'Teodor Lindqvist';

async function openEvidence(page: Page): Promise<void> {
  await page.locator('nav a[href="#/evidence"]').click();
  await untilSettled(page);
}

describe('what waits for a patient, and what others do', { skip: browserMissing }, () => {
  const stage = setStage();

  it('shows on a screen that stays open that a doctor looked in another browser, and audits no more than that', async () => {
    const patient = await stage.visit();
    await enterAs(patient.page, stage.url, 'hospital', PATIENT);
    await openEvidence(patient.page);
    const lines = patient.page.locator('.timeline li');
    const before = await lines.count();
    assert.ok(before > 0);
    const doctor = await stage.visit();
    await openChart(doctor.page, stage.url, PATIENT);
    await patient.page.waitForFunction(
      (count) => document.querySelectorAll('.timeline li').length > count,
      before,
    );
    await patient.page.locator('main select').first().selectOption('all');
    const audits = patient.page.locator('.timeline li', { hasText: 'saw who saw what' });
    const asked = await audits.count();
    await openScreen(patient.page, 'Home');
    await openEvidence(patient.page);
    await patient.page.locator('main select').first().selectOption('all');
    assert.equal(
      await audits.count(),
      asked,
      'going from screen to screen asked for another audit',
    );
    assert.deepEqual([patient.complaints, doctor.complaints], [[], []]);
    await patient.close();
    await doctor.close();
  });

  for (const [width, colorScheme] of [
    [1280, 'light'],
    [390, 'dark'],
  ] as const) {
    it(`says at one glance what is new at ${width} px, ${colorScheme}, without a fault of accessibility`, async () => {
      const visit = await stage.visit({ viewport: { width, height: 900 }, colorScheme });
      const { page } = visit;
      await enterAs(page, stage.url, 'hospital', PATIENT);
      for (const path of ['home', 'requests']) {
        await page.goto(`${page.url().replace(/#.*$/, '')}#/${path}`);
        await page.locator('main h1').waitFor();
        await untilSettled(page);
        assert.deepEqual(await axeFaults(page), [], path);
        const beside = await page.evaluate(
          () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
        );
        assert.equal(beside, 0, path);
      }
      assert.deepEqual(visit.complaints, []);
      await visit.close();
    });
  }

  it('gives access that was asked for once the words are signed, and then waits for nothing', async () => {
    const visit = await stage.visit();
    const { page, complaints } = visit;
    await enterAs(page, stage.url, 'hospital', 'Ana Ferreira');
    await page.goto(`${page.url().replace(/#.*$/, '')}#/requests`);
    await page.locator('main h1').waitFor();
    await untilSettled(page);
    const approve = page.getByRole('button', { name: /^Give access/ });
    await approve.first().click();
    const words = await page.locator('dialog p').first().innerText();
    assert.match(words, /may read.+For: .+Until /);
    await page.getByRole('button', { name: 'Sign and share' }).click();
    await page.locator('.notice.good').waitFor();
    await page.locator('dialog').waitFor({ state: 'detached' });
    assert.equal(await approve.count(), 0);
    assert.deepEqual(complaints, []);
    await visit.close();
  });
});
