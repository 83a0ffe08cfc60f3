import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { describe, it } from 'node:test';
import { browserMissing } from '../../src/client/test/openBrowser.ts';
import { requireGood } from './requireGood.ts';
import { setStage } from './setStage.ts';
import { enterAs, openChart, openScreen, untilSettled } from './walkthrough.ts';

const MEDICINE = 'Amoxicillin 500 mg capsules';

describe('a prescription', { skip: browserMissing }, () => {
  const stage = setStage();

  it('goes from the doctor to the patient and the pharmacy, and is dispensed in parts and no further', async () => {
    const narrow = { viewport: { width: 390, height: 844 } };
    const [doctor, patient, pharmacy] = [
      await stage.visit(),
      await stage.visit(narrow),
      await stage.visit(narrow),
    ];
    await openChart(doctor.page, stage.url, 'Ana');
    await doctor.page.getByRole('link', { name: 'Add', exact: true }).click();
    await doctor.page.getByRole('link', { name: 'Prescribe' }).click();
    await untilSettled(doctor.page);
    const form = doctor.page.locator('main');
    await form.getByRole('button', { name: 'Sign and prescribe' }).click();
    await form.getByText('Type a whole number from 1 to 65535.').waitFor();
    await form.getByLabel('Medicine, strength and form').fill(MEDICINE);
    await form.getByLabel('Directions').fill('One capsule three times a day');
    await form.getByLabel('Unit, such as tablet').fill('capsules');
    await form.getByLabel('Amount to dispense').fill('21');
    await requireGood(doctor.page, 'prescribe');
    await form.getByRole('button', { name: 'Sign and prescribe' }).click();
    await form.getByText(`${MEDICINE} is prescribed.`).waitFor();

    await enterAs(patient.page, stage.url, 'hospital', 'Ana Ferreira');
    await openScreen(patient.page, 'Prescriptions');
    const card = patient.page.locator('.cards li', { hasText: MEDICINE });
    await card.getByText('0 of 21 capsules dispensed').waitFor();
    await card.getByRole('button', { name: 'Show to a pharmacy' }).click();
    await card.getByRole('img', { name: 'Code of the prescription' }).waitFor();
    await requireGood(patient.page, 'code');
    const saving = patient.page.waitForEvent('download');
    await card.getByRole('button', { name: 'Save as a file' }).click();
    const text = await readFile(await (await saving).path(), 'utf8');

    await enterAs(pharmacy.page, stage.url, 'hospital', 'Noor Willems');
    await openScreen(pharmacy.page, 'Prescriptions');
    const main = pharmacy.page.locator('main');
    await main.getByRole('button', { name: 'Read the prescription' }).click();
    await main.getByText('This is not a prescription of this network').waitFor();
    await main.getByLabel('Or the text of the code').fill(text);
    await main.getByRole('button', { name: 'Read the prescription' }).click();
    await main.getByText('One capsule three times a day', { exact: true }).waitFor();
    await main.getByLabel('Amount to dispense').fill('22');
    await main.getByRole('button', { name: /^Dispense / }).click();
    await main.getByText('Type a whole number from 1 to 21.').waitFor();
    await main.getByLabel('Amount to dispense').fill('11');
    await main.getByRole('button', { name: 'Dispense 11 capsules' }).click();
    await main.getByText('11 capsules dispensed.').waitFor();
    await main.getByText('11 of 21 capsules dispensed').waitFor();
    await requireGood(pharmacy.page, 'dispensed');

    await form.getByRole('button', { name: 'Cancel', exact: true }).first().click();
    await form.getByText('Cancelled or replaced').first().waitFor();
    await main.getByLabel('Amount to dispense').fill('1');
    await main.getByRole('button', { name: 'Dispense 1 capsules' }).click();
    await main.getByText('It was cancelled or replaced. Do not dispense it.').waitFor();

    await patient.page.getByRole('button', { name: 'Refresh' }).click();
    await card.getByText('11 of 21 capsules dispensed').waitFor();
    for (const visit of [doctor, patient, pharmacy]) {
      assert.deepEqual(visit.complaints, []);
      await visit.close();
    }
  });
});
