import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { browserMissing } from '../../src/client/test/openBrowser.ts';
import { fillInKey } from './makeKey.ts';
import { setStage } from './setStage.ts';
import { enterAs, untilSettled } from './walkthrough.ts';

describe('everything that a patient has', { skip: browserMissing }, () => {
  const stage = setStage();

  it('is saved as one file, and brought along to another chart of the same person, who signs what is on the sheet', async () => {
    const { url } = stage;
    const visit = await stage.visit();
    await enterAs(visit.page, url, 'hospital', 'Ana Ferreira');
    await visit.page.goto(`${url}/hospital/portal/#/files`);
    const saving = visit.page.waitForEvent('download');
    await visit.page.getByRole('button', { name: 'Save everything' }).click();
    const archive = await (await saving).path();
    await visit.page.getByText(/Saved: \d+ record versions\./).waitFor();

    const network = await (await fetch(`${url}/hospital/v1/network`)).text();
    const file = {
      name: 'network.json',
      mimeType: 'application/json',
      buffer: Buffer.from(network),
    };
    const look = async (page: typeof visit.page, given: string | typeof file): Promise<void> => {
      await page.getByLabel('The saved file').setInputFiles(given);
      await page.getByLabel('Network file of the other network').setInputFiles(file);
      await page.getByRole('button', { name: 'Look into it' }).click();
    };
    // On the chart that it was saved from there is nothing to bring along.
    await look(visit.page, archive);
    await visit.page.getByText('This file cannot be brought along').waitFor();
    await look(visit.page, file);
    await visit.page.getByText('This file cannot be brought along').waitFor();
    assert.deepEqual(visit.complaints, []);

    const { page, complaints } = await stage.visit();
    await page.goto(`${url}/hospital/portal/`);
    await page.getByRole('button', { name: 'Make a new key' }).click();
    await fillInKey(page, 'Ana again');
    await page.getByRole('button', { name: 'Sign and apply' }).click();
    await page.getByRole('link', { name: 'Records' }).first().waitFor();
    await untilSettled(page);
    await page.goto(`${url}/hospital/portal/#/files`);
    await look(page, archive);
    await page.getByText(/It is about Ana/).waitFor();
    await page.getByRole('button', { name: 'Add to my chart' }).click();
    await page.getByText(/records of the file are on your chart/).waitFor();
    await look(page, archive);
    await page.getByText('All of it is on your chart already.').waitFor();
    assert.deepEqual(complaints, []);
  });
});
