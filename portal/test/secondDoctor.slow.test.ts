import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { knownRights, reviewOrder, signPrescription } from '../../src/client/index.ts';
import { prescriptionFileOf } from '../../src/client/care/prescriptions/prescriptionFile.ts';
import { browserMissing } from '../../src/client/test/openBrowser.ts';
import medicines from '../src/words/en/medicines.json' with { type: 'json' };
import { axeFaults } from './axeFaults.ts';
import { openDemoVisitor } from './demoVisitor.ts';
import { setStage } from './setStage.ts';
import { reachSight } from './sights.ts';
import { enterAs, openScreen } from './walkthrough.ts';

describe('a second doctor', { skip: browserMissing }, () => {
  const stage = setStage();

  // @class a field that is signed and not shown | has a second doctor sign an interval, a replacement, a code or an override unseen
  it('sees whose it is, and every field of the prescription, before signing it', async () => {
    const { party } = await openDemoVisitor(stage.url, 'doctor');
    const { party: second } = await openDemoVisitor(stage.url, 'doctor-2');
    const { handle: ana } = await openDemoVisitor(stage.url, 'patient');
    const right = (await knownRights(party)).find(({ grant: { handle } }) => handle === ana);
    const { grant } = right ?? assert.fail('no right');
    const from = Math.floor(Date.now() / 1000);
    const review = await reviewOrder(party, {
      handle: grant.handle,
      grant,
      purpose: grant.terms.purpose,
      medicine: 'Penicillin V 250 mg tablets',
      code: { system: 'http://www.whocc.no/atc', code: 'J01CE02' },
      unit: 'tablets',
      dosage: 'One in the evening, with water',
      amount: 12,
      fills: 3,
      interval: 28,
      from,
      until: from + 200 * 86_400,
      controlled: true,
      second: second.address,
      replaces: `0x${'5a'.repeat(32)}`,
    });
    const signed = await signPrescription(party, review, 'Tolerated in 2024');
    const visit = await stage.visit({ viewport: { width: 390, height: 844 } });
    const { page } = visit;
    await enterAs(page, stage.url, 'hospital', 'Dr. Samir Haddad');
    await openScreen(page, 'Prescriptions');
    const text = JSON.stringify(prescriptionFileOf(signed));
    await page.locator('main textarea').fill(text);
    await page.getByRole('button', { name: 'Read the prescription' }).click();
    await page.locator('main .patient-banner').waitFor();
    const said = await page.locator('main .signed').innerText();
    for (const field of [
      'Penicillin V 250 mg tablets',
      'http://www.whocc.no/atc|J01CE02',
      'One in the evening, with water',
      '3 × 12 tablets',
      'at least 28 days',
      `0x${'5a'.repeat(32)}`,
      'The prescriber says that it needs a second doctor',
      'Signed despite a warning: Tolerated in 2024',
    ]) {
      assert.ok(said.includes(field), `${field} in ${said}`);
    }
    assert.match(said, /From[^]*Until/);
    assert.deepEqual(await axeFaults(page), []);
    const beside = await page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
    assert.equal(beside, 0, 'nothing beside the screen');
    await visit.close();
  });

  it('is handed a file that the prescriber can make again until it was saved', async () => {
    const { party } = await openDemoVisitor(stage.url, 'doctor');
    const { handle: ana } = await openDemoVisitor(stage.url, 'patient');
    const right = (await knownRights(party)).find(({ grant: { handle } }) => handle === ana);
    const handle = right?.grant.handle ?? assert.fail('no right');
    const visit = await stage.visit({ acceptDownloads: true });
    const { page } = visit;
    const main = page.locator('main');
    const medicine = main.getByLabel('Medicine, strength and form', { exact: true });
    const open = async (): Promise<void> => {
      await reachSight(page, { name: 'patients', path: '/patients' });
      await reachSight(page, { name: 'prescribe', path: `/prescribe/${handle}` });
      await medicine.waitFor();
    };
    const sign = async (): Promise<void> => {
      await page.getByRole('button', { name: 'Check and show what you sign' }).click();
      await page.getByRole('button', { name: 'Sign and prescribe' }).click();
      await page.getByText('It waits for Dr. Samir Haddad').waitFor();
    };
    await enterAs(page, stage.url, 'hospital', 'Dr. Lena Brandt');
    await open();
    await medicine.fill('Codeine 30 mg tablets');
    await page.getByLabel(medicines.dosage).fill('One at night');
    await page.getByLabel(medicines.unit).fill('tablets');
    await page.locator('main .field input[inputmode=numeric]').first().fill('10');
    await main.getByLabel('Second doctor').selectOption('Dr. Samir Haddad');
    await sign();
    await open();
    assert.equal(await medicine.inputValue(), 'Codeine 30 mg tablets');
    await sign();
    await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Save as a file' }).click(),
    ]);
    assert.equal(await medicine.inputValue(), '');
    await open();
    assert.equal(await medicine.inputValue(), '');
    await visit.close();
  });
});
