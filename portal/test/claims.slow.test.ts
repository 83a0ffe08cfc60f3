import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { describe, it } from 'node:test';
import type { Page } from 'playwright-core';
import {
  knownRights,
  prepareClaim,
  readChart,
  restorePatient,
  restoreRights,
  submitClaim,
  type NewClaim,
  type Party,
} from '../../src/client/index.ts';
import { browserMissing } from '../../src/client/test/openBrowser.ts';
import { readAfter } from '../../src/scenario/readAfter.ts';
import { CLAIM_PURPOSE } from '../../src/protocol/mostClaimRight.ts';
import { openDemoVisitor, type DemoVisitor } from './demoVisitor.ts';
import { requireGood } from './requireGood.ts';
import { setStage } from './setStage.ts';
import { enterAs, openChart, openScreen, untilSettled } from './walkthrough.ts';

const NARROW = { viewport: { width: 390, height: 844 } };

describe('a claim', { skip: browserMissing }, () => {
  const stage = setStage();

  it('goes from the patient to the insurer, who asks for more and pays a part, and both see how much', async () => {
    const [patient, insurer] = [
      await stage.visit(NARROW),
      await stage.visit({ ...NARROW, colorScheme: 'dark' }),
    ];
    await enterAs(patient.page, stage.url, 'hospital', 'Ana Ferreira');
    await openScreen(patient.page, 'Claims');
    const own = patient.page.locator('main');
    await own.getByText('There are no claims.').waitFor();
    await own.getByRole('link', { name: 'Make a claim' }).click();
    await untilSettled(patient.page);
    await own.getByRole('button', { name: 'Next' }).click();
    await own.getByText('Type an amount such as 80.50.').first().waitFor();
    await own.getByLabel('Marek Novak').check();
    await own.getByLabel('Treatment').selectOption({ index: 1 });
    await own.getByLabel('Service 1', { exact: true }).fill('Consultation');
    await own.getByLabel('Amount of service 1').fill('80,50');
    await own.getByRole('button', { name: 'Another line' }).click();
    await own.getByLabel('Service 2', { exact: true }).fill('Blood count');
    await own.getByLabel('Amount of service 2').fill('19.25');
    await own.getByRole('button', { name: 'Next' }).click();
    await own
      .getByText(/You claim EUR.99\.75 of a bill of EUR.99\.75 from Marek Novak\./)
      .waitFor();
    await own.getByText('Marek Novak may read exactly these records, for payment, until').waitFor();
    await requireGood(patient.page, 'make a claim');
    await own.getByRole('button', { name: 'Sign and claim' }).click();
    await own.getByText(/^Marek Novak decides until .*; after that the claim lapses\.$/).waitFor();
    await own.getByText('Nothing was altered: all 4 records are as signed').waitFor();
    await requireGood(patient.page, 'own claim');

    await arrived(stage.url);
    await enterAs(insurer.page, stage.url, 'insurer', 'Marek Novak');
    await openScreen(insurer.page, 'Claims');
    const desk = insurer.page.locator('main');
    await desk.getByText('Your account holds 1,000.00.').waitFor();
    await desk.getByRole('link', { name: '99.75 for Ana Ferreira' }).click();
    await desk.getByText('Nothing was altered: all 4 records are as signed').waitFor();
    await desk.getByLabel('Ask for more').check();
    await desk.getByLabel('Words for the claimant').fill('Please show the results.');
    await desk.getByRole('button', { name: 'Next' }).click();
    await desk.getByText('You ask Ana Ferreira for more about the claim').waitFor();
    await desk.getByRole('button', { name: 'Sign and ask' }).click();
    await desk.getByText(/^You asked for more\. The answer is due until /).waitFor();
    await own.getByRole('button', { name: 'Refresh' }).click();
    await own.getByText(/^Marek Novak asks for more\. Answer until /).waitFor();
    await own.getByText('Words of the insurer: “Please show the results.”').waitFor();
    await own
      .getByLabel(/^Laboratory results/)
      .first()
      .check();
    await own.getByRole('button', { name: 'Next' }).click();
    await own.getByText('Marek Novak may read these records too, for payment').waitFor();
    await requireGood(patient.page, 'answer');
    await own.getByRole('button', { name: 'Sign and answer' }).click();
    await own.getByText(/^Marek Novak decides until /).waitFor();
    await desk.getByRole('button', { name: 'Refresh' }).click();
    await desk.getByText('Nothing was altered: all 5 records are as signed').waitFor();
    await desk.getByLabel('Amount to pay').fill('100');
    await desk.getByRole('button', { name: 'Next' }).click();
    await desk.getByText('Type an amount such as 80.50, of at most 99.75.').waitFor();
    await desk.getByLabel('Amount to pay').fill('84');
    await desk.getByRole('button', { name: 'Next' }).click();
    await desk
      .getByText(/EUR.84\.00 of EUR.99\.75 go from your account to Ana Ferreira\.$/)
      .waitFor();
    await desk.getByText('Reason: a part of it is covered').waitFor();
    await requireGood(insurer.page, 'decide');
    await desk.getByRole('button', { name: 'Sign and pay' }).click();
    await desk.getByText('You paid 84.00 of 99.75.').waitFor();
    await requireGood(insurer.page, 'paid');
    await openScreen(insurer.page, 'Claims');
    await desk.getByText('Your account holds 916.00.').waitFor();

    await own.getByRole('button', { name: 'Refresh' }).click();
    await own.getByText(/^Marek Novak paid 84\.00 of 99\.75 on \d/).waitFor();
    await own.getByText('Reason: a part of it is covered').waitFor();
    await own.getByText('Give money back', { exact: true }).click();
    await own.getByLabel('Amount to give back').fill('84.01');
    await own.locator('details[open]').getByRole('button', { name: 'Next' }).click();
    await own.getByText('Type an amount such as 80.50, of at most 84.00.').waitFor();
    await own.getByLabel('Amount to give back').fill('4');
    await requireGood(patient.page, 'give back');
    await own.locator('details[open]').getByRole('button', { name: 'Next' }).click();
    await own.getByText('4.00 go from your account back to Marek Novak.').waitFor();
    await own.getByRole('button', { name: 'Sign and give back' }).click();
    await own.getByText(/^Marek Novak paid 80\.00 of 99\.75/).waitFor();
    await openScreen(patient.page, 'Claims');
    await own.getByText('Your account holds 80.00.').waitFor();
    await requireGood(patient.page, 'claims');
    for (const visit of [patient, insurer]) {
      assert.deepEqual(visit.complaints, []);
      await visit.close();
    }
  });

  it('that is denied shows its reason, and one whose bill was altered cannot be approved', async () => {
    const person = await openDemoVisitor(stage.url, 'patient');
    const { address } = await openDemoVisitor(stage.url, 'insurer');
    await restorePatient(person.party);
    await submitClaim(person.party, await claimOf(person, address, 0, 3_000));
    const altered = await claimOf(person, address, 1, 4_000);
    await lieAbout(person, altered, 9_000);
    await submitClaim(person.party, altered);
    await arrived(stage.url);
    const [patient, insurer] = [await stage.visit(), await stage.visit(NARROW)];
    await enterAs(insurer.page, stage.url, 'insurer', 'Marek Novak');
    await openScreen(insurer.page, 'Claims');
    const desk = insurer.page.locator('main');
    await desk.getByRole('link', { name: '40.00 for Ana Ferreira' }).click();
    await desk.getByText('The papers were altered').waitFor();
    await untilSettled(insurer.page);
    await requireGood(insurer.page, 'altered');
    assert.equal(await desk.getByLabel('Amount to pay').count(), 0);
    assert.equal(await desk.getByRole('button', { name: 'Next' }).count(), 0);

    await openScreen(insurer.page, 'Claims');
    await desk.getByRole('link', { name: '30.00 for Ana Ferreira' }).click();
    await desk.getByLabel('Deny').check();
    await desk.getByLabel('Reason').selectOption('the treatment was not necessary');
    await desk.getByLabel('Words for the claimant').fill('Ask your doctor for a letter.');
    await desk.getByRole('button', { name: 'Next' }).click();
    await desk.getByText('You deny the claim of Ana Ferreira for Ana Ferreira').waitFor();
    await desk.getByRole('button', { name: 'Sign and deny' }).click();
    await desk.getByText('You denied it.').waitFor();

    await enterAs(patient.page, stage.url, 'hospital', 'Ana Ferreira');
    await openScreen(patient.page, 'Claims');
    const own = patient.page.locator('main');
    await own.getByText(/^Marek Novak denied it on \d/).waitFor();
    await own.getByText('Reason: the treatment was not necessary').waitFor();
    await own.getByText('Words of the insurer: “Ask your doctor for a letter.”').waitFor();

    await own.getByRole('link', { name: '30.00 from Marek Novak' }).click();
    await own.getByText('Dispute the decision').click();
    await own.getByLabel('David Osei').check();
    await own.getByLabel('Your reason').fill('It was necessary');
    await own.getByRole('button', { name: 'Next' }).click();
    await own.getByText('David Osei judges it. Your reason: “It was necessary”').waitFor();
    await own.getByText('and no other record.').waitFor();
    await own.getByRole('button', { name: 'Sign and dispute' }).click();
    await own.getByText(/^Disputed: David Osei judges until /).waitFor();
    await requireGood(patient.page, 'disputed');
    const verifier = await stage.visit(NARROW);
    await enterAs(verifier.page, stage.url, 'laboratory', 'David Osei');
    await openScreen(verifier.page, 'Claims');
    const judge = verifier.page.locator('main');
    await judge.getByText('disputes it: “It was necessary”').waitFor();
    await judge.getByRole('button', { name: 'Recompute the evidence' }).click();
    await judge.getByText('Safe', { exact: true }).waitFor();
    await judge.getByText(/^Log care\/hospital, block \d+$/).waitFor();
    await judge.getByRole('button', { name: 'Next' }).click();
    await judge.getByText(/^You sign: Safe\. If .* disputed, the claim is open again/).waitFor();
    await requireGood(verifier.page, 'judge');
    await judge.getByRole('button', { name: 'Sign “Safe”' }).click();
    await judge.getByText('This is signed.').waitFor();
    assert.equal(await judge.getByRole('button', { name: 'Recompute the evidence' }).count(), 0);
    // The browser tells of every 404: the verifier's own organisation has no receipt of the entry, and another one does.
    const complaints = verifier.complaints.filter((each) => !each.includes('404'));
    assert.deepEqual(complaints, []);
    await verifier.close();
    await own.getByRole('button', { name: 'Refresh' }).click();
    await own.getByText(/^Marek Novak decides until /).waitFor();
    await own.getByText('David Osei found the evidence safe.').waitFor();
    await own.getByRole('button', { name: 'Take the claim back' }).click();
    await own.getByRole('button', { name: 'Sign and take back' }).click();
    await own.getByText('Taken back.').waitFor();
    await own.getByRole('button', { name: 'End what Marek Novak may read' }).click();
    await own.getByRole('button', { name: 'Sign and end' }).click();
    await own.getByRole('button', { name: 'End what Marek Novak may read' }).waitFor();
    assert.deepEqual(insurer.complaints, [], 'before it is refused');
    await insurer.page.getByRole('button', { name: 'Refresh' }).click();
    await desk.getByText('Its papers cannot be read now.').waitFor();
    await desk.getByText('Taken back.').waitFor();
    assert.deepEqual(patient.complaints, []);
    await patient.close();
    await insurer.close();
  });

  it('is prepared by the doctor who treated, and made once the patient permitted it', async () => {
    const [doctor, patient] = [await stage.visit(NARROW), await stage.visit(NARROW)];
    await openChart(doctor.page, stage.url, 'Ana');
    await doctor.page.getByRole('link', { name: 'Add', exact: true }).click();
    await doctor.page.getByRole('link', { name: 'Make a claim' }).click();
    await untilSettled(doctor.page);
    const desk = doctor.page.locator('main');
    await desk.getByRole('heading', { name: 'Claim for Ana Ferreira' }).waitFor();
    await desk.getByLabel('Clara Moreau').check();
    await desk.getByLabel('Treatment').selectOption({ index: 2 });
    await desk.getByLabel('Service 1', { exact: true }).fill('Surgery');
    await desk.getByLabel('Amount of service 1').fill('1200');
    await desk.getByRole('button', { name: 'Next' }).click();
    await desk.getByText('Nothing is claimed before Ana Ferreira permits').waitFor();
    await requireGood(doctor.page, 'prepare a claim');
    await desk.getByRole('button', { name: 'Sign and prepare' }).click();
    await desk.getByText('Bill and claim are on the chart').waitFor();
    const prepared = await saved(doctor.page);

    await openScreen(doctor.page, 'Claims');
    await desk.getByLabel('File that the patient permitted').setInputFiles(fileOf(prepared));
    await desk.getByText('The patient has not permitted this claim yet.').waitFor();
    await enterAs(patient.page, stage.url, 'hospital', 'Ana Ferreira');
    await openScreen(patient.page, 'Claims');
    const own = patient.page.locator('main');
    await own.getByRole('link', { name: 'Permit a prepared claim' }).click();
    await own.getByLabel('File from the doctor or hospital').setInputFiles(fileOf('{}'));
    await own.getByText('This is not the file of a claim for you').waitFor();
    await own.getByLabel('File from the doctor or hospital').setInputFiles(fileOf(prepared));
    await own.getByText('Dr. Lena Brandt wants to claim 1,200.00').waitFor();
    await own.getByRole('button', { name: 'Next' }).click();
    await own.getByText('Clara Moreau may read exactly these records').waitFor();
    await requireGood(patient.page, 'permit');
    await own.getByRole('button', { name: 'Sign and permit' }).click();
    await own.getByText('Give the file back to Dr. Lena Brandt.').waitFor();
    const permitted = await saved(patient.page);

    await desk.getByLabel('File that the patient permitted').setInputFiles(fileOf(permitted));
    await desk.getByRole('button', { name: 'Next' }).click();
    await requireGood(doctor.page, 'place');
    await desk.getByRole('button', { name: 'Sign and claim' }).click();
    await desk.getByText(/^Clara Moreau decides until /).waitFor();
    await openScreen(patient.page, 'Claims');
    await own.getByText('Made by Dr. Lena Brandt').waitFor();
    for (const visit of [doctor, patient]) {
      assert.deepEqual(visit.complaints, []);
      await visit.close();
    }
  });
});

/** Saves the file of a claim as a person does, and returns its text. */
async function saved(page: Page): Promise<string> {
  const saving = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Save the file' }).click();
  return await readFile(await (await saving).path(), 'utf8');
}

function fileOf(text: string): { name: string; mimeType: string; buffer: Buffer } {
  return { name: 'claim.json', mimeType: 'application/json', buffer: Buffer.from(text) };
}

/** A claim of the patient for what somebody wrote on the chart. */
async function claimOf(
  { party, handle = '0x' }: DemoVisitor,
  insurer: NewClaim['insurer'],
  place: number,
  units: number,
): Promise<NewClaim> {
  const { records } = await readChart(party, { handle, purpose: 'PATRQT' });
  const found = records.filter(({ category, author, version }) => {
    const isCare = category === 'conditions' || category === 'procedures' || category === 'vitals';
    return isCare && author !== party.address && version === 1;
  });
  const policy = records.find(({ category }) => category === 'coverage');
  const treatment = found[place];
  assert.ok(policy && treatment);
  const lines = [{ service: 'Consultation', units }];
  return {
    handle,
    insurer,
    coverage: policy.record,
    treatment: treatment.record,
    lines,
    currency: 'EUR',
  };
}

/** Has the patient's device sign another total than that of the bill on the chart: it is stopped once, and altered meanwhile. */
async function lieAbout({ party }: DemoVisitor, wanted: NewClaim, told: number): Promise<void> {
  const { device } = party;
  const total = wanted.lines.reduce((sum, { units }) => sum + units, 0);
  const stopped: Party = {
    ...party,
    device: {
      read: async (name) => await device.read(name),
      write: async (name, value) => {
        const text = JSON.stringify(value);
        if (!name.startsWith('claim-') || !text.includes(`"total":${total}`))
          return await device.write(name, value);
        const lie = text
          .replaceAll(`"total":${total}`, `"total":${told}`)
          .replaceAll(String.raw`\\\"total\\\":${total}`, String.raw`\\\"total\\\":${told}`);
        await device.write(name, JSON.parse(lie));
        throw new Error('stopped');
      },
    },
  };
  await assert.rejects(prepareClaim(stopped, wanted), /stopped/);
}

/** Waits until the insurer's organisation has its copy of the patient's bills. */
async function arrived(url: string): Promise<void> {
  const { party, handle = '0x' } = await openDemoVisitor(url, 'patient');
  const { records } = await readChart(party, { handle, purpose: 'PATRQT' });
  const bills = records
    .filter(({ category }) => category === 'billing')
    .map(({ acknowledgement }) => acknowledgement);
  const insurer = await openDemoVisitor(url, 'insurer');
  await restoreRights(insurer.party);
  const right = (await knownRights(insurer.party)).find(({ grant }) => grant.handle === handle);
  assert.ok(right);
  const { behind } = await readAfter(
    insurer.party,
    { handle, grant: right.grant, purpose: CLAIM_PURPOSE },
    bills,
  );
  assert.deepEqual(behind, []);
}
