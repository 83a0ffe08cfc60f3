import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import type { Page } from 'playwright-core';
import { browserMissing } from '../../src/client/test/openBrowser.ts';
import add from '../src/words/en/add.json' with { type: 'json' };
import chart from '../src/words/en/chart.json' with { type: 'json' };
import common from '../src/words/en/common.json' with { type: 'json' };
import forms from '../src/words/en/forms.json' with { type: 'json' };
import share from '../src/words/en/share.json' with { type: 'json' };
import { requireGood } from './requireGood.ts';
import { setStage } from './setStage.ts';
import { enterAs, openChart, openScreen, untilCounted, untilSettled } from './walkthrough.ts';

/** A folder for pictures of the screens; absent if nobody wants them. */
const SHOTS = process.env['SHOTS'];

async function shot(page: Page, name: string): Promise<void> {
  if (SHOTS === undefined) return;
  const before = page.viewportSize();
  for (const width of [1280, 390]) {
    await page.setViewportSize({ width, height: 900 });
    await page.screenshot({ path: join(SHOTS, `${name}-${width}.png`), fullPage: true });
  }
  if (before !== null) await page.setViewportSize(before);
}

async function openTab(page: Page, name: string): Promise<void> {
  await page.locator('.tabs').getByRole('link', { name, exact: true }).click();
  await untilSettled(page);
}

async function choose(page: Page, name: string): Promise<void> {
  await page.getByRole('button', { name, exact: true }).click();
  await page.locator('main form').waitFor();
  await untilSettled(page);
}

/** The text below a field that is wrong. */
async function faultAt(page: Page, label: string): Promise<string> {
  const field = page.locator('.field', { has: page.getByLabel(label, { exact: true }) });
  return (await field.locator('.error').allInnerTexts()).join();
}

describe('a form of a clinician', { skip: browserMissing }, () => {
  const stage = setStage();

  it('puts an allergy and vital signs on the chart, as the person reads before signing, and the patient’s Home shows both', async () => {
    const visit = await stage.visit();
    const { page, complaints } = visit;
    await openChart(page, stage.url, 'Ana Ferreira');
    await openTab(page, chart['tab-add']);
    await choose(page, add['what-allergy']);
    await page.getByLabel(forms.substance).fill('Walnut');
    await page.getByLabel('Risk').selectOption('high');
    await page.getByLabel('Reactions').fill('Swelling of the lips');
    const signed = page.locator('.signed');
    await signed.getByText(share['you-sign']).waitFor();
    assert.match(
      await signed.innerText(),
      /Allergy\s+Walnut\s[^]*Certainty\s+confirmed\s+Risk\s+high\s+Reactions\s+Swelling of the lips/,
    );
    await requireGood(page, 'form of an allergy');
    await shot(page, 'allergy');
    await page.getByRole('button', { name: chart.add }).click();
    await page.getByText('“Walnut” is on the chart.').waitFor();
    await untilSettled(page);

    await choose(page, add['what-vital-signs']);
    await page.getByLabel('Systolic blood pressure').fill('128');
    await page.getByLabel('Diastolic blood pressure').fill('84');
    await page.getByLabel('Heart rate').fill('72');
    await page.getByLabel('Body temperature').fill('37,0');
    await page.getByLabel('Oxygen saturation').fill('97');
    assert.match(
      await signed.innerText(),
      /Blood pressure\s+128 \/ 84 mmHg[^]*Body temperature[^]*37\.0 °C/,
    );
    assert.match(await signed.locator('.when').first().innerText(), /\d:\d\d/, 'the moment');
    await requireGood(page, 'form of vital signs');
    await shot(page, 'vital-signs');
    await page.getByRole('button', { name: chart.add }).click();
    await page.getByText('“Vital signs” is on the chart.').waitFor();
    await untilSettled(page);
    assert.equal(await page.getByLabel('Heart rate').inputValue(), '');

    await openTab(page, chart['tab-glance']);
    await page.locator('.vitals').getByText('128 / 84 mmHg').waitFor();
    await page.locator('main section').getByText('Walnut').first().waitFor();
    await shot(page, 'glance');

    const own = await stage.visit({ viewport: { width: 390, height: 844 } });
    await enterAs(own.page, stage.url, 'hospital', 'Ana Ferreira');
    await own.page.getByText(/^Allergies:.*Walnut \(high\)/).waitFor();
    const results = own.page.getByRole('region', { name: 'Newest results' });
    await results.getByText('128 / 84 mmHg').waitFor();
    await requireGood(own.page, 'Home');
    await shot(own.page, 'home');
    assert.deepEqual([...complaints, ...own.complaints], []);
    await own.close();
    await visit.close();
  });

  it('tells what is wrong at its field, signs nothing then, and warns of a value that is unusual', async () => {
    const visit = await stage.visit({ viewport: { width: 390, height: 844 } });
    const { page, complaints } = visit;
    await openChart(page, stage.url, 'Teodor');
    await openTab(page, chart['tab-add']);
    await choose(page, add['what-vital-signs']);
    const press = async (): Promise<void> =>
      await page.getByRole('button', { name: chart.add }).click();
    await press();
    assert.equal(await faultAt(page, 'Systolic blood pressure (mmHg)'), forms.nothing);
    await page.getByLabel('Body temperature').fill('73');
    await page.getByLabel('Heart rate').fill('seventy');
    await press();
    assert.equal(await faultAt(page, 'Body temperature (°C)'), 'At most 46.');
    assert.equal(
      await faultAt(page, 'Heart rate (/min)'),
      'Type a number, without digits behind the point.',
    );
    const focused = page.locator('input:focus');
    assert.equal(await focused.inputValue(), 'seventy', 'the first wrong field has the focus');
    assert.equal(await page.locator('.signed').count(), 0);
    await requireGood(page, 'wrong values');
    await shot(page, 'wrong');
    await page.getByLabel('Body temperature').fill('33,5');
    await page.getByLabel('Heart rate').fill('');
    const warnings = page.locator('.signed .notice');
    await warnings.getByText('Body temperature (°C): 33,5').waitFor();
    await page.getByLabel('Body weight').fill('70,5');
    await page.getByLabel('Body height').fill('69');
    await warnings.getByText('a body mass index of 148').waitFor();

    await choose(page, add['what-vaccination']);
    await page.getByLabel(forms.vaccine).fill('Influenza');
    await page.getByLabel('Given').fill('2127-01-01');
    await press();
    assert.equal(await faultAt(page, 'Given'), forms['too-late']);
    await page.getByText('is on the chart').waitFor({ state: 'detached' });
    assert.deepEqual(complaints, []);
    await visit.close();
  });

  it('keeps what was typed while the person is on another screen, and opens with it', async () => {
    const visit = await stage.visit();
    const { page, complaints } = visit;
    await openChart(page, stage.url, 'Teodor');
    await openTab(page, chart['tab-add']);
    await choose(page, add['what-problem']);
    await page.getByLabel(forms.problem).fill('Low back pain');
    await page.getByText(forms.more).click();
    await page.getByLabel(forms.code, { exact: true }).fill('M54.5');
    await page.locator('.signed').getByText('Code: M54.5 (ICD-10)').waitFor();
    await openScreen(page, 'Patients');
    await page.goBack();
    await page.getByText(/^Kept from/).waitFor();
    assert.equal(await page.getByLabel(forms.problem).inputValue(), 'Low back pain');
    assert.equal(await page.getByLabel(forms.code, { exact: true }).inputValue(), 'M54.5');
    await page.getByRole('button', { name: common['draft-drop'] }).click();
    assert.equal(await page.getByLabel(forms.problem).inputValue(), '');
    assert.deepEqual(complaints, []);
    await visit.close();
  });

  it('orders an examination, which the chart shows among everything else', async () => {
    const visit = await stage.visit();
    const { page, complaints } = visit;
    await openChart(page, stage.url, 'Teodor');
    await openTab(page, chart['tab-add']);
    await choose(page, add['what-order']);
    await page.getByLabel(forms.service).fill('Blood count');
    await page.getByLabel('Priority').selectOption('urgent');
    await requireGood(page, 'form of an order');
    await shot(page, 'order');
    await page.getByRole('button', { name: chart.add }).click();
    await page.getByText('“Blood count” is on the chart.').waitFor();
    await untilCounted(page);
    await openTab(page, chart['tab-glance']);
    await page.locator('main details', { hasText: chart.others }).last().click();
    await page.getByText('Blood count').first().waitFor();
    assert.deepEqual(complaints, []);
    await visit.close();
  });

  it('is there for the kinds that the right covers, and for patients on their own chart for some', async () => {
    const lab = await stage.visit();
    await enterAs(lab.page, stage.url, 'laboratory', 'Ines Duarte');
    await openScreen(lab.page, 'Patients');
    await lab.page.locator('a.card').first().click();
    await lab.page.getByLabel(chart.note, { exact: true }).waitFor();
    assert.equal(await lab.page.getByRole('button', { name: add['what-allergy'] }).count(), 0);
    assert.deepEqual(lab.complaints, []);
    await lab.close();

    const own = await stage.visit({ viewport: { width: 390, height: 844 } });
    const { page } = own;
    await enterAs(page, stage.url, 'hospital', 'Teodor Lindqvist');
    await page.evaluate(() => (location.hash = '#/add'));
    await page.getByLabel(add['or-note']).waitFor();
    assert.equal(await page.getByRole('button', { name: add['what-vaccination'] }).count(), 0);
    await choose(page, add['what-allergy']);
    await page.getByLabel(forms.known).selectOption('no-drug');
    assert.equal(await page.getByLabel(forms.substance).count(), 0);
    await requireGood(page, 'own form');
    await shot(page, 'own');
    await page.getByRole('button', { name: add.add, exact: true }).click();
    await page.getByText('“No known allergy to medicines” is among your records.').waitFor();
    assert.deepEqual(own.complaints, []);
    await own.close();
  });
});
