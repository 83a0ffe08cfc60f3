import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { browserMissing } from '../../src/client/test/openBrowser.ts';
import records from '../src/words/en/records.json' with { type: 'json' };
import { linesOf } from './linesOf.ts';
import { requireGood } from './requireGood.ts';
import { setStage } from './setStage.ts';
import { enterAs, untilSettled } from './walkthrough.ts';

const PATIENT = 'Ana Ferreira';

describe('the list of who saw what', { skip: browserMissing }, () => {
  const stage = setStage();

  it('says two presses after the entry what the pharmacist read, by titles that Home has opened, and opens nothing for it', async () => {
    const visit = await stage.visit({ viewport: { width: 390, height: 844 } });
    const { page, complaints } = visit;
    // The first press.
    await enterAs(page, stage.url, 'hospital', PATIENT);
    await page.getByText('Lisinopril 10 mg').first().waitFor();
    let views = 0;
    page.on('request', (request) => {
      const text = request.url().endsWith('/v1/submissions') ? request.postData() : '';
      views += text?.match(/"type":"(?:ViewSet|KeptView)"|"what":"(?:record|chart)"/g)?.length ?? 0;
    });
    // The second.
    await page.locator('nav a[href="#/evidence"]').click();
    const card = page.locator('main .card', { hasText: 'Noor Willems' }).first();
    await card.getByText('Pharmacist, hospital · For: Treatment').waitFor();
    await card.getByText('Read 2 records').waitFor();
    await card.getByText(/^Medicines, 1 record: .*Metformin 500 mg/).waitFor();
    await card.getByText(/^Allergies, 1 record: .*penicillin/).waitFor();
    assert.equal(views, 0);
    const refused = page.locator('main .card', { hasText: 'Dr. Yuki Arai' }).first();
    await refused.getByText('Was refused: the right had ended').waitFor();
    await refused.getByText('Saw nothing.').waitFor();
    await untilSettled(page);
    await requireGood(page, 'the list of who saw what');
    const lines = await linesOf(page, 'Noor Willems');
    await lines
      .getByText(/^Noor Willems opened/)
      .first()
      .waitFor();
    await lines.first().locator('summary').click();
    await lines.first().getByText('Place in the log').waitFor();
    await requireGood(page, 'the lines of one person');
    // Each line names its records too, and each record its readers.
    await lines
      .getByText(/^Allergies, 1 record: .*penicillin/)
      .first()
      .waitFor();
    await lines
      .getByRole('link', { name: /penicillin/ })
      .first()
      .click();
    await page.getByRole('heading', { name: records['who-read'] }).waitFor();
    await page.getByText(/^Noor Willems read it (?:once|\d+ times)$/).waitFor();
    assert.equal(await page.locator('main .timeline').getByText('You').count(), 0);
    await untilSettled(page);
    await requireGood(page, 'who read one record');
    assert.deepEqual(complaints, []);
    await visit.close();
  });

  it('shows one person, one kind of act or some days alone, and says so if there is nothing', async () => {
    const visit = await stage.visit();
    const { page, complaints } = visit;
    await enterAs(page, stage.url, 'hospital', PATIENT);
    await page.locator('nav a[href="#/evidence"]').click();
    const cards = page.locator('main .card');
    await cards.nth(3).waitFor();
    await page.getByRole('option', { name: 'Noor Willems' }).waitFor({ state: 'attached' });
    await page.getByLabel('Person').selectOption({ label: 'Noor Willems' });
    // The stage may have been filled before midnight and after it.
    const shown = new Set(await page.locator('main h3').allTextContents());
    assert.deepEqual([...shown], ['Noor WillemsLooked']);
    await page.getByRole('button', { name: /^Added/ }).click();
    await page.getByText('Nothing of this kind, in this time.').waitFor();
    await page.getByLabel('Person').selectOption('others');
    await cards.first().waitFor();
    assert.equal(await cards.filter({ hasText: 'Noor Willems' }).count(), 0);
    await page.getByRole('button', { name: 'Everything' }).click();
    await cards.filter({ hasText: 'Noor Willems' }).waitFor();
    await page.getByLabel('To', { exact: true }).fill('2020-01-01');
    await page.getByText('Nothing of this kind, in this time.').waitFor();
    await page.getByLabel('To', { exact: true }).fill('');
    await page.emulateMedia({ media: 'print' });
    await cards.first().waitFor();
    const inPaper = page.locator('main :is(button, select, input)').filter({ visible: true });
    assert.equal(await inPaper.count(), 0, 'nothing to press is printed');
    assert.deepEqual(complaints, []);
    await visit.close();
  });
});
