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

  it('stands beside a will, and a death recorded for the living that the patient ends with one click', async () => {
    const narrow = { viewport: { width: 390, height: 844 } };
    const [doctor, patient] = [await stage.visit(narrow), await stage.visit(narrow)];
    await enterAs(patient.page, stage.url, 'hospital', 'Ana Ferreira');
    await openScreen(patient.page, 'Sharing');
    await patient.page.getByRole('link', { name: 'After my death' }).click();
    const own = patient.page.locator('main');
    await own.getByText('You have set no will.').waitFor();
    await own.locator('.choice input').first().check();
    await requireGood(patient.page, 'will');
    await own.getByRole('button', { name: 'Set my will' }).click();
    await own.getByText('one access stays after your death').waitFor();

    await enterAs(doctor.page, stage.url, 'hospital', 'Dr. Lena Brandt');
    await openScreen(doctor.page, 'Births and deaths');
    const desk = doctor.page.locator('main');
    await desk.getByLabel('Ana Ferreira').check();
    await desk.getByRole('button', { name: 'Report this death' }).click();
    await desk.getByText('Choose the certificate.').waitFor();
    const certificate = { name: 'death.pdf', mimeType: 'application/pdf' };
    const file = { ...certificate, buffer: Buffer.from('certificate') };
    await desk.getByLabel('Certificate', { exact: true }).setInputFiles(file);
    await desk.getByLabel('Day of death').fill('2026-01-02');
    await requireGood(doctor.page, 'report of a death');
    await desk.getByRole('button', { name: 'Report this death' }).click();
    await desk.getByText('A registrar or doctor of another organisation').waitFor();
    await requireGood(doctor.page, 'reported');

    await openScreen(patient.page, 'Home');
    await own.getByRole('link', { name: 'Somebody reported that you died.' }).click();
    await own.getByText('It has no effect yet.').waitFor();
    await requireGood(patient.page, 'said dead');
    await own.getByRole('button', { name: 'I am alive: object' }).click();
    await own.getByText('You objected.').waitFor();
    for (const visit of [doctor, patient]) {
      assert.deepEqual(visit.complaints, []);
      await visit.close();
    }
  });
});
