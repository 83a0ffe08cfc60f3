import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { browserMissing } from '../../src/client/test/openBrowser.ts';
import { setStage } from './setStage.ts';
import { enterAs, openScreen } from './walkthrough.ts';

const PERSON = 'Ana Ferreira';
const WRONG = 'The clock of this device does not agree with those of the organisations.';
const HOUR = 3_600_000;
const EIGHT_MINUTES = 480_000;

describe('a device whose clock is wrong', { skip: browserMissing }, () => {
  const stage = setStage();

  for (const [name, wrong] of [
    ['an hour fast', HOUR],
    ['an hour slow', -HOUR],
  ] as const) {
    it(`is told so, and what to do, when it is ${name}; once it is set, the same person gets in`, async () => {
      const visit = await stage.visit();
      const { page } = visit;
      await page.clock.install({ time: Date.now() + wrong });
      await page.goto(`${stage.url}/hospital/portal/`);
      await page.getByRole('button', { name: PERSON }).click();
      await page.getByText(WRONG).waitFor();
      await page.clock.setSystemTime(Date.now());
      await enterAs(page, stage.url, 'hospital', PERSON);
      assert.equal(await page.getByText(WRONG).count(), 0);
      await visit.close();
    });
  }

  it('is told so at work, and what was typed is added once the clock is set', async () => {
    const visit = await stage.visit();
    const { page } = visit;
    await page.clock.install({ time: Date.now() });
    await enterAs(page, stage.url, 'hospital', PERSON);
    await openScreen(page, 'Records');
    await page.evaluate(() => (location.hash = '#/add'));
    await page.getByLabel('Or write a note').fill('Slept badly');
    // Set by an hour, the page locks itself as after an hour without anybody.
    await page.clock.setSystemTime(Date.now() - EIGHT_MINUTES);
    await page.getByRole('button', { name: 'Seal and add' }).click();
    await page.getByText(WRONG).waitFor();
    await page.clock.setSystemTime(Date.now());
    await page.getByRole('button', { name: 'Seal and add' }).click();
    await page.getByText('is among your records.').waitFor();
    await visit.close();
  });
});
