import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Resource } from '@medplum/fhirtypes';
import type { Locator, Page } from 'playwright-core';
import { addRecord } from '../../src/client/records/addRecord.ts';
import { browserMissing } from '../../src/client/test/openBrowser.ts';
import { bytesToHex } from '../../src/crypto/bytes.ts';
import { encodePart } from '../../src/fhir/encodePart.ts';
import { partOfResource } from '../../src/fhir/partOfResource.ts';
import records from '../src/words/en/records.json' with { type: 'json' };
import { openDemoVisitor } from './demoVisitor.ts';
import { requireGood } from './requireGood.ts';
import { setStage } from './setStage.ts';
import { enterAs, openScreen, RECORDS } from './walkthrough.ts';

const SECRET = 'Notes on sleep';
const PUBLIC = 'Left eye, retina';
/** More than are drawn at first. */
const MANY = 60;

/** The buttons that open sensitive records. */
function openers(page: Page): Locator {
  return page.locator('main').getByRole('button', { name: /^Open Sensitive, added on / });
}

/** Which of some texts the page holds, or its browser keeps in readable form. */
async function held(page: Page, texts: readonly string[]): Promise<readonly string[]> {
  const all = await page.evaluate(() =>
    [
      document.documentElement.outerHTML,
      ...[localStorage, sessionStorage].flatMap((each) => Object.values(each)),
    ]
      .concat([...document.querySelectorAll('input')].map(({ value }) => value))
      .join('\n'),
  );
  return texts.filter((text) => all.includes(text));
}

describe('the records of a patient', { skip: browserMissing }, () => {
  const stage = setStage();

  it('show titles, dates and values by year without a press, a report and its results as one line', async () => {
    const visit = await stage.visit();
    const { page, complaints } = visit;
    const main = page.locator('main');
    await enterAs(page, stage.url, 'hospital', 'Ana Ferreira');
    await openScreen(page, 'Records');
    const lines = page.locator(RECORDS);
    const texts = await lines.allInnerTexts();
    const [report = '', ...more] = texts.filter((text) =>
      /Long-term blood sugar.*6\.7 %/.test(text),
    );
    assert.match(
      report,
      /^Laboratory report\n2 values out of range\n8 values: Long-term blood sugar/,
    );
    assert.deepEqual(more, []);
    assert.ok(texts.some((text) => /Blood pressure 132 \/ 82 mmHg/.test(text)));
    assert.equal(await main.getByText(/not opened yet|still being read/i).count(), 0);
    const years = await main.locator('h2').allInnerTexts();
    assert.ok(years.length > 2, String(years));
    assert.deepEqual(years, years.toSorted().toReversed());
    await requireGood(page, 'Records');

    await main.getByRole('link', { name: 'All 8 values' }).click();
    const table = page.getByRole('table', { name: 'Results' });
    const row = table.getByRole('row', { name: /Creatinine/ });
    await row.waitFor();
    assert.match((await row.innerText()).replaceAll(/\s+/g, ' '), /\d [^ ]+.*\d.*normal/);
    assert.equal(await table.locator('tbody tr').count(), 8);
    assert.equal(await table.locator('.flag.odd').count(), 2, 'those out of range are marked');
    await requireGood(page, 'a report');
    const card = page.locator('article.resource', { hasText: 'Creatinine' });
    assert.equal(await card.isVisible(), false);
    await page.getByText(records['each-value']).click();
    await card.waitFor();
    assert.deepEqual(complaints, []);
    await visit.close();
  });

  it('are searched by their titles with the keyboard, and the screen says how many it found', async () => {
    const visit = await stage.visit();
    const { page, complaints } = visit;
    const main = page.locator('main');
    await enterAs(page, stage.url, 'hospital', 'Ana Ferreira');
    await openScreen(page, 'Records');
    const all = await page.locator(RECORDS).count();
    await main.getByLabel(records.search).focus();
    await page.keyboard.type('RETINA left');
    await main.getByRole('status').getByText('1 entry was found.').waitFor();
    assert.deepEqual(await page.locator(`${RECORDS} strong`).allInnerTexts(), [PUBLIC]);
    await requireGood(page, 'a search');
    await page.keyboard.press('Escape');
    await page
      .locator(RECORDS)
      .nth(all - 1)
      .waitFor();
    await page.keyboard.type('zebra');
    await main.getByRole('status').getByText('Nothing was found.').waitFor();
    assert.equal(await page.locator(RECORDS).count(), 0);
    await page.keyboard.press('Escape');
    await page
      .locator(RECORDS)
      .nth(all - 1)
      .waitFor();

    await main.getByRole('button', { name: records['more-kinds'] }).click();
    const kind = main.getByRole('button', { name: /^Vaccinations/ });
    await kind.click();
    assert.equal(await kind.getAttribute('aria-pressed'), 'true');
    const shown = await page.locator(RECORDS).allInnerTexts();
    assert.ok(shown.length > 0 && shown.every((text) => text.includes('Vaccinations')));
    assert.deepEqual(complaints, []);
    await visit.close();
  });

  // @actor somebody who sees a patient's screen, or sits down at it after its lock | reads a record that is labelled as sensitive
  it('keep a sensitive one closed until its button is pressed, and nothing of any is left after the lock', async () => {
    const visit = await stage.visit();
    const { page, complaints } = visit;
    const main = page.locator('main');
    await enterAs(page, stage.url, 'hospital', 'Ana Ferreira');
    await openScreen(page, 'Records');
    await main.getByText(PUBLIC).waitFor();
    const closed = await openers(page).count();
    assert.ok(closed > 0);
    assert.deepEqual(await held(page, [SECRET, PUBLIC]), [PUBLIC]);
    await main.getByLabel(records.search).fill('sleep');
    await main.getByRole('status').getByText('Nothing was found.').waitFor();
    await main.getByLabel(records.search).fill('sensitive');
    await main.getByRole('status').getByText(`${closed} entries were found.`).waitFor();
    await requireGood(page, 'closed records');

    // The file of the notes is a record of its own, which the notes hide.
    await openers(page).last().click();
    await main
      .getByRole('link', { name: new RegExp(SECRET) })
      .or(main.getByText('A file'))
      .waitFor();
    if ((await main.getByText(SECRET).count()) === 0) await openers(page).first().click();
    const opened = page.locator(RECORDS, { hasText: SECRET });
    await opened.waitFor();
    await openers(page).first().waitFor({ state: 'detached' });
    assert.equal(await opened.evaluate((link) => link === document.activeElement), true);
    await requireGood(page, 'an opened record');

    await page.getByRole('button', { name: 'Lock', exact: true }).first().click();
    await page.getByRole('button', { name: 'Ana Ferreira' }).waitFor();
    assert.deepEqual(await held(page, [SECRET, PUBLIC, 'sensitive', 'Long-term blood sugar']), []);
    await page.getByRole('button', { name: 'Ana Ferreira' }).click();
    await page.getByRole('button', { name: 'Lock', exact: true }).first().waitFor();
    await openScreen(page, 'Records');
    await main.getByText(PUBLIC).waitFor();
    assert.equal(await openers(page).count(), 1, 'the file is known as one');
    assert.deepEqual(await held(page, [SECRET]), []);
    assert.deepEqual(complaints, []);
    await visit.close();
  });

  it('stay quick if there are many: the first are drawn, the others when they are asked for, and all are searched', async () => {
    const { party, handle = '0x' } = await openDemoVisitor(stage.url, 'patient-2');
    for (let place = 0; place < MANY; place++) {
      const cold = { resourceType: 'Condition', code: { text: `Cold number-${place}.` } };
      const set = bytesToHex(party.random(16));
      const part = partOfResource(set, 'conditions', cold as unknown as Resource);
      const own = { handle, category: 'conditions', purpose: 'PATRQT' } as const;
      await addRecord(party, { ...own, content: encodePart(part) });
    }
    const visit = await stage.visit();
    const { page, complaints } = visit;
    const main = page.locator('main');
    await enterAs(page, stage.url, 'hospital', 'Teodor Lindqvist');
    await openScreen(page, 'Records');
    const lines = page.locator(RECORDS);
    assert.equal(await lines.count(), 50);
    await main.getByLabel(records.search).fill('number-7.');
    await main.getByRole('status').getByText('1 entry was found.').waitFor();
    await main.getByLabel(records.search).fill('');
    await main.getByRole('button', { name: /^Show more/ }).click();
    await lines.nth(MANY - 1).waitFor();
    assert.deepEqual(complaints, []);
    await visit.close();
  });
});
