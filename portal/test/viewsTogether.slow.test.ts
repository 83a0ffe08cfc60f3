import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Locator, Page } from 'playwright-core';
import { browserMissing } from '../../src/client/test/openBrowser.ts';
import { axeFaults } from './axeFaults.ts';
import { linesOf } from './linesOf.ts';
import { readTogether } from './readTogether.ts';
import { setStage } from './setStage.ts';
import { enterAs, untilSettled } from './walkthrough.ts';

const LISTS = '**/v1/audits/records';

async function goToEvidence(page: Page, url: string): Promise<Locator> {
  await enterAs(page, url, 'hospital', 'Ana Ferreira');
  await page.evaluate(() => location.assign('#/evidence'));
  await page.getByRole('heading', { name: /^Who saw what/, level: 1 }).waitFor();
  await untilSettled(page);
  return page.locator('main');
}

describe('views of several records, in the list of who saw what', { skip: browserMissing }, () => {
  const stage = setStage();

  // @attack a node keeps back which records a view of several opened | the portal says of how many, and that the list is not complete
  it('say beside each other list that no node told which they were, until one tells', async () => {
    const read = await readTogether(stage.url);
    assert.ok(read > 20, `${read} records`);
    const visit = await stage.visit();
    const { page } = visit;
    await page.route(LISTS, async (route) => await route.fulfill({ status: 503 }));
    const main = await goToEvidence(page, stage.url);
    const notice = main.locator('.notice', { hasText: 'No node told which' });
    await notice.locator('strong', { hasText: /which \d+ records/ }).waitFor();
    assert.equal(await main.getByText('The list is complete').count(), 0);
    assert.deepEqual(await axeFaults(page), []);
    await notice.locator('summary').click();
    await notice.getByText(/the node of hospital did not answer/).waitFor();
    await page.unroute(LISTS);
    await notice.getByRole('button', { name: 'Try again' }).click();
    await main.getByText('The list is complete, and every line is proven.').waitFor();
    assert.equal(await notice.count(), 0);
    await visit.close();
  });

  // @attack a reader signs views of a thousand records | parts and proofs of a line are made when somebody asks for them, so the list is drawn at once
  it('draw the records of a view when its details are opened, and report one of them', async () => {
    const visit = await stage.visit();
    const { page } = visit;
    const main = await goToEvidence(page, stage.url);
    const lines = await linesOf(page, 'Dr. Lena Brandt');
    const line = lines.filter({ hasText: /opened records: \d{2}/ }).first();
    const wrong = line.getByRole('button', { name: 'This is wrong', includeHidden: true });
    await line.locator('summary').waitFor();
    assert.equal(await wrong.count(), 1, 'that of the whole view');
    await line.locator('summary').click();
    await wrong.nth(1).waitFor();
    assert.ok((await wrong.count()) > 20);
    assert.deepEqual(await axeFaults(page), []);
    const part = line.locator('details li').first();
    await part.getByRole('button', { name: 'This is wrong' }).click();
    await part.getByLabel('What is wrong?').fill('Why this one?');
    await part.getByRole('button', { name: /^Tell / }).click();
    await part.getByText('Sent today. No answer yet.').waitFor();
    await line.getByRole('button', { name: 'This is wrong' }).last().click();
    await line.getByLabel('What is wrong?').fill('Why all of these?');
    await line.getByRole('button', { name: /^Tell / }).click();
    await line.locator('.quote', { hasText: 'Why all of these?' }).waitFor();
    await page.evaluate(() => location.assign('#/mistakes'));
    await untilSettled(page);
    const [one, whole] = ['Why this one?', 'Why all of these?'].map((words) =>
      main.locator('.cards .card', { hasText: words }),
    );
    assert.ok(one && whole);
    // The records of a view stand in the order of salted hashes, so the first may be one that was corrected.
    await one.getByText(/^Record 0x[0-9a-f]{8}…, version [12]$/).waitFor();
    await whole.getByText(/opened records: \d{2}\. For/).waitFor();
    assert.deepEqual(visit.complaints, []);
    await visit.close();
  });
});
