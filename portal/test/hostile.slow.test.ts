import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Bundle } from '@medplum/fhirtypes';
import type { Page } from 'playwright-core';
import { addRecord } from '../../src/client/index.ts';
import { OBEYED } from '../../src/errors/test/hostile.ts';
import { encodePart } from '../../src/fhir/encodePart.ts';
import { splitBundle } from '../../src/fhir/splitBundle.ts';
import { makeHostileBundle } from '../../src/fhir/test/makeHostileBundle.ts';
import records from '../src/words/en/records.json' with { type: 'json' };
import { browserMissing } from '../../src/client/test/openBrowser.ts';
import { openDemoVisitor, type DemoVisitor } from './demoVisitor.ts';
import { setStage } from './setStage.ts';
import {
  enterAs,
  openChart,
  openScreen,
  RECORDS,
  untilCounted,
  untilSettled,
} from './walkthrough.ts';

const wide = (inner: unknown): unknown[] => Array.from({ length: 95 }, () => inner);

/** Adds resources that nobody validated, as a program of its own would. */
async function addResources(
  { party, handle = '0x' }: DemoVisitor,
  resources: readonly unknown[],
): Promise<void> {
  const entry = resources.map((resource) => ({ resource }));
  const bundle = { resourceType: 'Bundle', type: 'collection', entry } as Bundle;
  const set =
    `0x${Buffer.from(crypto.getRandomValues(new Uint8Array(16))).toString('hex')}` as const;
  for (const part of splitBundle(bundle, { set })) {
    const { category } = part;
    const content = encodePart(part.content);
    await addRecord(party, { handle, category, purpose: 'PATRQT', content });
  }
}

const TEXT = `<img src=x onerror="document.title='owned'"> \u202egnp.exe\u2066\u200b`;
const SHOWN = `<img src=x onerror="document.title='owned'"> \\u{202e}gnp.exe\\u{2066}\\u{200b}`;
const TABS = ['At a glance', 'Results', 'Documents', 'Timeline', 'All records'];

/** Opens all that is folded, and requires that nothing on the page is obeyed. */
async function requireHarmless(page: Page, where: string): Promise<number> {
  await untilSettled(page);
  const { title, made, texts } = await page.evaluate(async () => {
    for (;;) {
      const folded = [...document.querySelectorAll('main details:not([open]) > summary')];
      if (folded.length === 0) break;
      // The page draws a folded part at its event, which comes later than the click.
      await Promise.all(
        folded.map(async (each) => {
          const drawn = new Promise((resolve) => {
            each.parentElement?.addEventListener('toggle', resolve, { once: true });
          });
          if (each instanceof HTMLElement) each.click();
          await drawn;
        }),
      );
      await new Promise(requestAnimationFrame);
    }
    const all = [...document.querySelectorAll('body *')];
    const attributes = all.flatMap((each) => [...each.attributes].map(({ value }) => value));
    return {
      title: document.title,
      made: document.querySelectorAll('main img, main script, main iframe').length,
      texts: [document.body.textContent, ...attributes].join('\n'),
    };
  });
  assert.notEqual(title, 'owned', where);
  assert.equal(made, 0, where);
  assert.doesNotMatch(texts, OBEYED, where);
  return texts.split(SHOWN).length - 1;
}

describe(
  'a resource of each kind with markup and hidden characters in every text',
  { skip: browserMissing },
  () => {
    const stage = setStage();

    it('is shown to a doctor as the text that it is, on every tab of the chart', async () => {
      const visit = await stage.visit({ viewport: { width: 390, height: 800 } });
      const { page } = visit;
      await openChart(page, stage.url, 'Ana');
      const openTab = async (name: string): Promise<void> =>
        await page.locator('.tabs').getByRole('link', { name, exact: true }).click();
      await openTab('Add');
      await page.getByLabel('Or a file').setInputFiles({
        name: 'visit.json',
        mimeType: 'application/json',
        buffer: Buffer.from(JSON.stringify(makeHostileBundle(TEXT))),
      });
      const add = page.getByRole('button', { name: 'Seal and add to the chart' });
      await add.click();
      await page.getByLabel('I have compared: the file is about this patient.').check();
      await add.click();
      await page.getByText('“visit.json” is on the chart.').waitFor({ timeout: 40_000 });
      for (const tab of TABS) {
        await openTab(tab);
        // The chart is read again after something was added: it is on the screen once its texts are.
        await page.locator('.chart', { hasText: 'onerror' }).waitFor();
        await untilCounted(page);
        const shown = await requireHarmless(page, tab);
        if (tab !== 'Documents') assert.ok(shown > 10, `${tab}: ${shown}`);
      }
      assert.deepEqual(visit.complaints, []);
      await visit.close();
    });

    it('is shown to the patient as the text that it is, on every record', async () => {
      const visit = await stage.visit({ viewport: { width: 390, height: 800 } });
      const { page } = visit;
      await enterAs(page, stage.url, 'hospital', 'Ana Ferreira');
      await openScreen(page, records.menu);
      const cards = page.locator(RECORDS, { hasText: 'onerror' });
      await cards.first().waitFor({ timeout: 40_000 });
      await requireHarmless(page, 'list');
      const links = await cards.evaluateAll((found) =>
        found.map((each) => each.getAttribute('href') ?? ''),
      );
      assert.ok(links.length > 3, String(links.length));
      for (const link of links) {
        await page.evaluate((to) => location.assign(to), link);
        await page.locator('article.resource').first().waitFor();
        assert.ok((await requireHarmless(page, link)) > 2, link);
      }
      assert.deepEqual(visit.complaints, []);
      await visit.close();
    });

    // @actor a party that may add, with one record of under 1 MB that takes long to read | freezes every doctor's chart of that patient, Lock included
    it('leaves the chart and its Lock as they are if it takes too long to read: it is too large to show, and opens as a file', async () => {
      const ana = await openDemoVisitor(stage.url, 'patient');
      const [hostile, other] = ['Medication that takes long', 'Seasonal allergy of this test'];
      await addResources(ana, [
        { resourceType: 'Medication', id: 'a', code: wide(wide('')) },
        {
          resourceType: 'MedicationStatement',
          status: 'active',
          medicationReference: { reference: 'Medication/a' },
          note: wide(wide({ reference: 'Medication/a' })),
          dosage: [{ text: hostile }],
        },
      ]);
      await addResources(ana, [
        {
          resourceType: 'MedicationStatement',
          status: 'active',
          medicationCodeableConcept: { text: other },
        },
      ]);
      for (const viewport of [
        { width: 390, height: 844 },
        { width: 1280, height: 900 },
      ]) {
        const visit = await stage.visit({ viewport });
        const { page } = visit;
        await openChart(page, stage.url, 'Ana');
        const tooLarge = page
          .getByText('Medicine taken: too large to show, open it as a file')
          .first();
        await tooLarge.waitFor();
        await page.getByText(other).first().waitFor();
        assert.equal(await page.getByText(hostile).count(), 0);
        await page.locator('.tabs').getByRole('link', { name: 'All records', exact: true }).click();
        await page.locator('.entry summary', { hasText: 'too large to show' }).first().click();
        await page.getByRole('button', { name: /^Open .*too large to show/ }).click();
        const saving = page.waitForEvent('download');
        await page.getByRole('button', { name: 'Save the file' }).click();
        assert.match((await saving).suggestedFilename(), /\.json$/);
        await page.getByRole('button', { name: 'Lock', exact: true }).first().click();
        await page.getByRole('heading', { name: 'Your health records' }).waitFor();
        assert.deepEqual(visit.complaints, []);
        await visit.close();
      }
    });
  },
);
