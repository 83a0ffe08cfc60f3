// Over 400 lines: seven people go through care in one demonstration, each step on the one before.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, describe, it } from 'node:test';
import type { Locator, Page } from 'playwright-core';
import share from '../src/words/en/share.json' with { type: 'json' };
import { readBirth, type BirthOpened } from '../../src/client/index.ts';
import { browserMissing } from '../../src/client/test/openBrowser.ts';
import { openDemoVisitor } from './demoVisitor.ts';
import type { Visit } from './openVisit.ts';
import { addByCard, becomePatient, cardShownBy } from './peopleByCard.ts';
import { requireGood } from './requireGood.ts';
import { setStage } from './setStage.ts';
import { enterAs, openScreen, RECORDS, untilCounted, untilSettled } from './walkthrough.ts';

/** The people of the demonstration who play care, and their organisations. */
const PEOPLE = {
  patient: ['hospital', 'Teodor Lindqvist'],
  doctor: ['hospital', 'Dr. Lena Brandt'],
  colleague: ['hospital', 'Dr. Samir Haddad'],
  pharmacy: ['hospital', 'Noor Willems'],
  rival: ['laboratory', 'Jonas Kelemen'],
  registrar: ['laboratory', 'Aino Salo'],
  mother: ['hospital', 'Ana Ferreira'],
} as const;
type Who = keyof typeof PEOPLE;
const [, PATIENT] = PEOPLE.patient;
const [, DOCTOR] = PEOPLE.doctor;
const MEDICINE = 'Amoxicillin 500 mg capsules';
const CHECK = 'Check and show what you sign';
const NARROW = { viewport: { width: 390, height: 844 }, colorScheme: 'dark' } as const;

describe(
  'care, clicked through by its people from a visit to a death',
  { skip: browserMissing },
  () => {
    const stage = setStage();
    const visits = new Map<Who, Visit>();
    const pageOf = (who: Who): Page => visits.get(who)?.page ?? assert.fail(who);
    const mainOf = (who: Who): Locator => pageOf(who).locator('main');
    const press = async (who: Who, name: string): Promise<void> =>
      await mainOf(who).getByRole('button', { name, exact: true }).click();
    const sees = async (who: Who, text: string | RegExp): Promise<void> =>
      await mainOf(who).getByText(text).first().waitFor();

    before(async () => {
      for (const who of Object.keys(PEOPLE) as Who[]) {
        const visit = await stage.visit(who === 'doctor' ? {} : NARROW);
        visits.set(who, visit);
        // A patient's page watches the chart by a ticket of five minutes, and a browser complains of one that is over.
        if (who !== 'mother') await enter(who);
      }
    });
    after(async () => {
      for (const visit of visits.values()) await visit.close();
    });

    it('begins with a visit, on which the doctor writes, and of which another doctor sees nothing', async () => {
      await openAdding(pageOf('doctor'));
      await mainOf('doctor').getByLabel('Note', { exact: true }).fill('Fever since Monday.');
      await mainOf('doctor').getByLabel('What is it?').fill('Visit');
      await press('doctor', 'Seal and add to the chart');
      await sees('doctor', '“Visit” is on the chart.');
      await openScreen(pageOf('patient'), 'Records');
      await pageOf('patient').locator(RECORDS, { hasText: 'Visit' }).first().waitFor();
      await openScreen(pageOf('colleague'), 'Patients');
      assert.equal(await mainOf('colleague').locator('a.card', { hasText: PATIENT }).count(), 0);
    });

    it('shows what a standing rule changes before it is signed; a denial beats it, and its end ends its rights', async () => {
      const page = pageOf('patient');
      const main = mainOf('patient');
      const rights = main.locator('li.card');
      await openScreen(page, 'Sharing');
      const before = await rights.count();
      await main.getByRole('link', { name: 'Standing rules' }).click();
      await untilSettled(page);
      await sees('patient', 'You have no standing rules.');
      await requireGood(page, 'no rules');
      await press('patient', 'New rule');
      await press('patient', 'Show what it changes');
      await main.getByRole('alert').getByText('Type a name that you will recognise.').waitFor();
      await main.getByLabel('Your name for the rule').fill('Team');
      await press('patient', 'Show what it changes');
      await sees('patient', 'Choose at least one person.');
      await main.getByRole('checkbox', { name: 'Dr. Samir Haddad' }).check();
      for (const name of ['Vaccinations', 'Problems and diagnoses']) {
        await main.getByRole('checkbox', { name, exact: true }).check();
      }
      await requireGood(page, 'new rule');
      await press('patient', 'Show what it changes');
      await sees('patient', /^With this, .+ could see \d+ of your \d+ records\.$/);
      await sees('patient', /may read: .*Vaccinations.*\. For: Treatment; until further notice\.$/);
      await requireGood(page, 'effect');
      await press('patient', 'Back');
      assert.equal(await main.getByLabel('Your name for the rule').inputValue(), 'Team');
      await press('patient', 'Show what it changes');
      await press('patient', 'Sign the rule');
      await sees('patient', 'The rule “Team” stands. Rights given: 1. Rights ended: 0.');
      const colleague = pageOf('colleague');
      await colleague.getByRole('button', { name: 'Refresh' }).click();
      await mainOf('colleague').locator('a.card', { hasText: PATIENT }).click();
      // A share that is asked for after the next rule ended this right would be refused, and the browser would complain.
      await untilCounted(colleague);

      await press('patient', 'New rule');
      await main.getByLabel('Your name for the rule').fill('No vaccinations');
      await main.getByRole('radio', { name: /^It denies/ }).check();
      await main.getByRole('checkbox', { name: 'Dr. Samir Haddad' }).check();
      await main.getByRole('checkbox', { name: 'Vaccinations' }).check();
      await press('patient', 'Show what it changes');
      await press('patient', 'Sign the rule');
      await sees('patient', 'The rule “No vaccinations” stands. Rights given: 1. Rights ended: 1.');
      await main.getByRole('link', { name: share.rights }).click();
      await untilSettled(page);
      assert.equal(await rights.count(), before + 1);
      await main.getByRole('link', { name: 'Share records' }).click();
      await press('patient', 'Dr. Samir Haddad');
      await main.getByRole('checkbox', { name: 'Vaccinations' }).check();
      await press('patient', 'Next');
      await press('patient', 'Sign and share');
      await sees('patient', 'A standing rule of yours denies this.');

      await openScreen(page, 'Sharing');
      await main.getByRole('link', { name: 'Standing rules' }).click();
      await press('patient', 'End Team');
      await sees('patient', 'These rights end');
      await press('patient', 'End the rule');
      await sees('patient', 'The rule “Team” has ended. Rights given: 0. Rights ended: 1.');
      await requireGood(page, 'ended');
      // A page that is loaded again knows no chart of before.
      await enter('colleague');
      await openScreen(colleague, 'Patients');
      await mainOf('colleague').locator('a.card', { hasText: PATIENT }).click();
      await sees('colleague', 'This right has ended.');
    });

    it('takes a prescription to two pharmacies, which dispense what is left and no more, and tells the doctor not where', async () => {
      const form = mainOf('doctor');
      await form.getByRole('link', { name: 'Prescribe' }).click();
      await untilSettled(pageOf('doctor'));
      await press('doctor', CHECK);
      await sees('doctor', 'Type a whole number from 1 to 65535.');
      await prescribe(form, { medicine: MEDICINE, unit: 'capsules', amount: '21' });
      await requireGood(pageOf('doctor'), 'prescribe');
      await press('doctor', CHECK);
      await press('doctor', 'Sign and prescribe');
      await sees('doctor', `${MEDICINE} is prescribed.`);

      await openScreen(pageOf('patient'), 'Prescriptions');
      await press('patient', 'Refresh');
      const card = mainOf('patient').locator('.cards li', { hasText: MEDICINE });
      await card.getByText('0 of 21 capsules dispensed').waitFor();
      await card.getByRole('button', { name: 'Show to a pharmacy' }).click();
      await card.getByRole('img', { name: 'Code of the prescription' }).waitFor();
      await requireGood(pageOf('patient'), 'code');
      const slip = await savedBy(card.getByRole('button', { name: 'Save as a file' }));

      for (const who of ['pharmacy', 'rival'] as const) {
        await openScreen(pageOf(who), 'Prescriptions');
        await press(who, 'Read the prescription');
        await sees(who, 'This is not a prescription of this network');
      }
      await readSlipAs('pharmacy', slip);
      await sees('pharmacy', 'One capsule three times a day');
      const amount = mainOf('pharmacy').getByLabel('Amount to dispense');
      await amount.fill('22');
      await mainOf('pharmacy')
        .getByRole('button', { name: /^Dispense / })
        .click();
      await sees('pharmacy', 'Type a whole number from 1 to 21.');
      await dispenseAs('pharmacy', 11);
      await sees('pharmacy', '11 of 21 capsules dispensed');
      await requireGood(pageOf('pharmacy'), 'dispensed');

      await openScreen(pageOf('patient'), 'My health');
      const line = mainOf('patient').locator('.items > li', { hasText: MEDICINE });
      await line.getByText('Left to collect: 10 of 21 capsules').waitFor();
      await openScreen(pageOf('patient'), 'Prescriptions');

      await readSlipAs('rival', slip);
      await sees('rival', 'At most 10 capsules now');
      await dispenseAs('pharmacy', 10);
      await mainOf('rival').getByLabel('Amount to dispense').fill('10');
      await press('rival', 'Dispense 10 capsules');
      await sees('rival', 'Less than that is left.');

      await press('patient', 'Refresh');
      await card.getByText('21 of 21 capsules dispensed').waitFor();
      await openAdding(pageOf('doctor'));
      await form.getByRole('link', { name: 'Prescribe' }).click();
      await sees('doctor', 'All dispensed');
      await sees('doctor', '21 of 21 capsules dispensed');
      const told = (await form.locator('.cards').allInnerTexts()).join();
      for (const where of ['Noor', 'Jonas', 'laboratory', 'harmac']) {
        assert.ok(!told.includes(where), where);
      }
    });

    it('makes a code void that the patient renewed, and dispenses nothing that the doctor holds back or cancelled', async () => {
      const form = mainOf('doctor');
      await prescribe(form, { medicine: 'Ibuprofen 400 mg tablets', unit: 'tablets', amount: '5' });
      await press('doctor', CHECK);
      await press('doctor', 'Sign and prescribe');
      await sees('doctor', 'Ibuprofen 400 mg tablets is prescribed.');
      await press('patient', 'Refresh');
      const card = mainOf('patient').locator('.cards li', { hasText: 'Ibuprofen' });
      const save = card.getByRole('button', { name: 'Save as a file' });
      const former = await savedBy(save);
      await card.getByRole('button', { name: 'Make the old code void' }).click();
      await sees('patient', 'The old code is void.');
      await readSlipAs('rival', former);
      await sees('rival', 'The patient made this code void. Ask for the new one.');
      await readSlipAs('rival', await savedBy(save));
      await sees('rival', 'At most 5 tablets now');
      await mainOf('rival').getByLabel('Amount to dispense').fill('1');
      await form.getByRole('button', { name: 'Hold back', exact: true }).first().click();
      await sees('doctor', /^You hold back the prescription of Ibuprofen 400 mg tablets/);
      await press('doctor', 'Sign and hold back');
      await sees('doctor', 'Your doctor holds it back');
      await press('rival', 'Dispense 1 tablets');
      await sees('rival', 'The doctor holds it back. Do not dispense it; ask the doctor.');
      await form.getByRole('button', { name: 'Cancel', exact: true }).first().click();
      await press('doctor', 'Sign and cancel');
      await sees('doctor', /^Cancelled$/);
      await press('rival', 'Dispense 1 tablets');
      await sees('rival', 'It was cancelled or replaced. Do not dispense it.');
    });

    it('waits for the second doctor of a controlled medicine, whose signature serves what was read and nothing else', async () => {
      const medicine = 'Morphine 10 mg tablets';
      const form = mainOf('doctor');
      await prescribe(form, { medicine, unit: 'tablets', amount: '10' });
      await form.getByLabel('Second doctor').selectOption('Dr. Samir Haddad');
      await form.getByText('Confirmed by the organisations: Doctor, hospital.').waitFor();
      await press('doctor', CHECK);
      await press('doctor', 'Sign and prescribe');
      await sees('doctor', 'It waits for Dr. Samir Haddad');
      await requireGood(pageOf('doctor'), 'to hand over');
      const waiting = await savedBy(form.getByRole('button', { name: 'Save as a file' }));
      for (const who of ['colleague', 'doctor'] as const) {
        await openScreen(pageOf(who), 'Prescriptions');
        await readSlipAs(who, waiting.slice(1));
        await sees(who, 'This is not a prescription that waits for a second doctor.');
        await readSlipAs(who, waiting);
        await sees(who, medicine);
      }
      await sees('doctor', 'Dr. Samir Haddad has not signed it yet.');
      await sees('colleague', `For ${PATIENT}, prescribed by ${DOCTOR}.`);
      await press('colleague', `Sign beside ${DOCTOR}`);
      await requireGood(pageOf('colleague'), 'signed beside');
      const save = mainOf('colleague').getByRole('button', { name: 'Save as a file' });
      const signed = await savedBy(save);
      const more = signed.replace('"amount":10', '"amount":100');
      assert.notEqual(more, signed);
      await readSlipAs('doctor', more);
      await press('doctor', 'Put it on the ledger');
      await sees('doctor', 'The organisations do not take this key’s signature.');
      await readSlipAs('doctor', signed);
      await press('doctor', 'Put it on the ledger');
      await sees('doctor', `${medicine} is prescribed.`);
      await press('patient', 'Refresh');
      const card = mainOf('patient').locator('.cards li', { hasText: medicine });
      await card.getByText('0 of 10 tablets dispensed').waitFor();
    });

    it('lets the pharmacist to whom a prescription is shown read allergies and medicines, and nothing else, until the patient ends it', async () => {
      const card = mainOf('patient').locator('.cards li', { hasText: 'Morphine' });
      await card.getByRole('button', { name: 'Show to a pharmacy' }).click();
      const slip = await savedBy(card.getByRole('button', { name: 'Save as a file' }));
      await readSlipAs('pharmacy', slip);
      await sees('pharmacy', 'At most 10 tablets now');
      const open = mainOf('pharmacy').getByRole('link', {
        name: 'Open the allergies and medicines',
      });
      assert.equal(await open.count(), 0);
      await card.getByRole('checkbox', { name: /^Also let the pharmacy read/ }).check();
      await card.getByLabel('Pharmacist').selectOption('Noor Willems');
      await sees(
        'patient',
        /^Noor Willems may read: Allergies and Medicines\. For: Treatment\. Until /,
      );
      await requireGood(pageOf('patient'), 'also allow');
      await press('patient', 'Sign and share');
      await sees('patient', 'Noor Willems can read your allergies and medicines until');

      await readSlipAs('pharmacy', slip);
      await open.click();
      await mainOf('pharmacy').getByText('Your right does not cover this').first().waitFor();
      // A share that is asked for after the end would be refused, and the browser would complain.
      await untilCounted(pageOf('pharmacy'));
      await press('patient', 'Stop sharing with Noor Willems');
      await press('patient', 'Stop sharing');
      await sees('patient', 'This access of Noor Willems has ended.');
      await enter('pharmacy');
      await openScreen(pageOf('pharmacy'), 'Patients');
      await mainOf('pharmacy').locator('a.card', { hasText: PATIENT }).click();
      await sees('pharmacy', 'This right has ended.');
    });

    it('has a birth reported by a registrar alone, and once, and confirmed by a doctor who read the report; it names the mother with her permission', async () => {
      const child = await stage.visit(NARROW);
      await becomePatient(child.page, stage.url, 'Mila');
      const card = await cardShownBy(child.page);
      for (const who of ['registrar', 'doctor'] as const) {
        await openScreen(pageOf(who), 'Births and deaths');
        await addByCard(pageOf(who), card, 'Mila', 'Patient, hospital');
        await sees(who, 'Report a death');
      }
      assert.equal(await mainOf('doctor').getByText('Report the birth').count(), 0);
      const mother = mainOf('mother');
      await enter('mother');
      await openScreen(pageOf('mother'), 'Sharing');
      await mother.getByRole('link', { name: 'Birth of my child' }).click();
      await press('mother', 'Sign the permission');
      await sees('mother', 'Choose the child and the registrar.');
      await addByCard(pageOf('mother'), card, 'Mila', 'Patient, hospital');
      await mother.getByLabel('Registrar').selectOption('Aino Salo');
      await sees('mother', /^Aino Salo may name me as the mother of Mila, until /);
      await press('mother', 'Sign the permission');
      await mother.getByRole('img', { name: 'Code to hand over' }).waitFor();
      await requireGood(pageOf('mother'), 'permission');
      const permission = await savedBy(mother.getByRole('button', { name: 'Save as a file' }));

      const desk = mainOf('registrar');
      await press('registrar', 'Report this birth');
      await sees('registrar', 'Choose the certificate.');
      await chooseFile(desk.getByLabel('Certificate', { exact: true }).first());
      const field = desk.getByLabel('The mother’s permission');
      await chooseFile(field, altered(permission, 'registrar'));
      await sees('registrar', 'This is not a mother’s permission for this child and for you.');
      await chooseFile(field, permission);
      await sees('registrar', /^It names as the mother: /);
      await requireGood(pageOf('registrar'), 'birth');
      await press('registrar', 'Report this birth');
      await sees('registrar', 'reported this birth. Nobody confirmed it yet.');
      assert.equal(await desk.getByText('Report the birth').count(), 0);
      const opened = await savedBy(desk.getByRole('button', { name: 'Save as a file' }));
      const [anna, doctor] = [
        await openDemoVisitor(stage.url, 'patient'),
        await openDemoVisitor(stage.url, 'doctor'),
      ];
      await press('doctor', 'Refresh');
      await sees('doctor', 'reported this birth. Nobody confirmed it yet.');
      await readAs('doctor', altered(opened, 'content'), 'Read the report');
      await sees('doctor', 'This is not the report of whoever reported it.');
      await readAs('doctor', opened, 'Read the report');
      await sees('doctor', 'The mother, with her permission: ');
      await requireGood(pageOf('doctor'), 'birth to confirm');
      await press('doctor', 'Confirm this birth');
      await sees('doctor', 'This birth is registered: ');
      const read = await readBirth(doctor.party, JSON.parse(opened) as BirthOpened);
      assert.deepEqual([read.facts.stage, read.mother], ['confirmed', anna.handle]);
      await openScreen(child.page, 'My health');
      await child.page.getByRole('link', { name: 'Somebody reported your birth.' }).click();
      await child.page.getByText('Your birth is registered, reported by').waitFor();
      await requireGood(child.page, 'own birth');
      assert.deepEqual(child.complaints, []);
      await child.close();
    });

    it('has a death recorded for the living ended by the patient with one click, before it counts', async () => {
      await openScreen(pageOf('patient'), 'Sharing');
      await mainOf('patient').getByRole('link', { name: 'After my death' }).click();
      await sees('patient', 'You have set no will.');
      await mainOf('patient').getByRole('checkbox', { name: DOCTOR }).check();
      await requireGood(pageOf('patient'), 'will');
      await press('patient', 'Set my will');
      await sees('patient', 'one access stays after your death');

      const report = await reportDeathAs('doctor');
      await sees('doctor', 'A registrar or doctor of another organisation');
      assert.equal(
        await mainOf('doctor')
          .getByRole('button', { name: /^Confirm/ })
          .count(),
        0,
      );
      await lookAtLifeAs('registrar');
      await sees('registrar', 'reported this death. Nobody confirmed it yet.');
      const confirming = mainOf('registrar').getByRole('button', { name: 'Confirm this death' });
      assert.equal(await confirming.count(), 0, 'not before its report was read');
      await readAs('registrar', report, 'Read the report');
      await sees('registrar', / died on /);
      await openScreen(pageOf('patient'), 'My health');
      await mainOf('patient')
        .getByRole('link', { name: 'Somebody reported that you died.' })
        .click();
      await sees('patient', 'It has no effect yet.');
      await requireGood(pageOf('patient'), 'said dead');
      await press('patient', 'I am alive: object');
      await sees('patient', 'You objected.');
      await press('registrar', 'Confirm this death');
      await sees('registrar', 'This report was undone meanwhile. Look again.');
    });

    it('freezes the chart of whom two organisations record as dead; the will still lets the doctor read', async () => {
      const report = await reportDeathAs('doctor');
      await lookAtLifeAs('registrar');
      await readAs('registrar', report, 'Read the report');
      await sees('registrar', / died on /);
      await requireGood(pageOf('registrar'), 'to confirm');
      await press('registrar', 'Confirm this death');
      await sees('registrar', 'This death is recorded');
      await enter('doctor');
      await openAdding(pageOf('doctor'));
      await mainOf('doctor').getByLabel('Note', { exact: true }).fill('Seen today.');
      await press('doctor', 'Seal and add to the chart');
      await sees('doctor', 'A death of the patient is recorded: nothing can be added.');
      await openScreen(pageOf('patient'), 'My health');
      await mainOf('patient')
        .getByRole('link', { name: 'Somebody reported that you died.' })
        .click();
      await sees('patient', 'Your death was recorded');
    });

    it('undoes a death that was recorded by mistake with two signatures of two organisations, and by no other hand', async () => {
      const desk = mainOf('doctor');
      await lookAtLifeAs('doctor');
      await desk.getByText('Recorded by mistake?').click();
      await press('doctor', 'Next');
      await sees('doctor', 'Choose the evidence and the second party, and type the reason.');
      await chooseFile(desk.getByLabel('Evidence of the mistake'));
      await desk.getByLabel('Reason').fill('The patient was seen alive.');
      await desk.getByLabel('Second party').selectOption('Aino Salo');
      await press('doctor', 'Next');
      // All that is signed stands there before, for the first as for the second.
      for (const said of [
        'Fingerprint of the evidence: 0x',
        'Undone is the report 0x',
        'Aino Salo has signed it too',
      ])
        await sees('doctor', said);
      await press('doctor', 'Sign that it was a mistake');
      await sees('doctor', 'Signed. Hand it to Aino Salo, who signs it too, within a day.');
      await requireGood(pageOf('doctor'), 'undoing');
      // The reason stays in its field until the file is saved.
      assert.equal(await desk.getByLabel('Reason').inputValue(), 'The patient was seen alive.');
      const undoing = await savedBy(desk.getByRole('button', { name: 'Save as a file' }).last());
      assert.equal(await desk.getByLabel('Reason').inputValue(), '');
      for (const who of ['colleague', 'registrar'] as const) {
        await openScreen(pageOf(who), 'Births and deaths');
        await mainOf(who).getByText('Asked to undo a birth or a death?').click();
        await readAs(who, undoing.slice(1), 'Read it');
        await sees(who, 'This is not an undoing of a birth or a death.');
        await readAs(who, undoing, 'Read it');
        await sees(who, 'The patient was seen alive.');
        await sees(who, 'Undone is the report 0x');
      }
      await sees('colleague', 'It is for another party to sign: ');
      await requireGood(pageOf('registrar'), 'to undo');
      await press('registrar', 'Sign and undo');
      await sees('registrar', 'It is undone. Everything is as it was before.');
      await openAdding(pageOf('doctor'));
      await desk.getByLabel('Note', { exact: true }).fill('Seen today.');
      await press('doctor', 'Seal and add to the chart');
      await sees('doctor', '“Note” is on the chart.');
      for (const [who, { complaints }] of visits) assert.deepEqual(complaints, [], who);
    });

    async function enter(who: Who): Promise<void> {
      const [organisation, called] = PEOPLE[who];
      await enterAs(pageOf(who), stage.url, organisation, called);
    }

    async function readSlipAs(who: Who, slip: string): Promise<void> {
      await readAs(who, slip, 'Read the prescription');
    }

    async function readAs(who: Who, text: string, button: string): Promise<void> {
      const field = mainOf(who).getByLabel('Or the text of the code');
      await field.filter({ visible: true }).first().fill(text);
      await press(who, button);
    }

    async function dispenseAs(who: Who, count: number): Promise<void> {
      await mainOf(who).getByLabel('Amount to dispense').fill(String(count));
      await press(who, `Dispense ${count} capsules`);
      await sees(who, `${count} capsules dispensed.`);
    }

    async function lookAtLifeAs(who: Who): Promise<void> {
      await openScreen(pageOf(who), 'Births and deaths');
      await mainOf(who).getByRole('radio', { name: PATIENT }).check();
      await press(who, 'Refresh');
      await untilSettled(pageOf(who));
    }

    async function reportDeathAs(who: Who): Promise<string> {
      await lookAtLifeAs(who);
      await press(who, 'Report this death');
      await sees(who, 'Choose the certificate.');
      await chooseFile(mainOf(who).getByLabel('Certificate', { exact: true }));
      await mainOf(who).getByLabel('Day of death').fill('2026-01-02');
      await requireGood(pageOf(who), 'report of a death');
      await press(who, 'Report this death');
      await sees(who, 'You reported it.');
      return await savedBy(mainOf(who).getByRole('button', { name: 'Save as a file' }));
    }
  },
);

/** Opens the patient's chart, to add to it. */
async function openAdding(page: Page): Promise<void> {
  await openScreen(page, 'Patients');
  await page.locator('a.card', { hasText: PATIENT }).click();
  await page.locator('.chart-head').waitFor();
  await page.getByRole('link', { name: 'Add', exact: true }).click();
}

async function prescribe(
  form: Locator,
  { medicine, unit, amount }: Readonly<Record<'medicine' | 'unit' | 'amount', string>>,
): Promise<void> {
  await form.getByLabel('Medicine, strength and form').fill(medicine);
  await form.getByLabel('Directions').fill('One capsule three times a day');
  await form.getByLabel('Unit, such as tablet').fill(unit);
  await form.getByLabel('Amount to dispense').fill(amount);
}

/** Text of the file that a button saves. */
async function savedBy(button: Locator): Promise<string> {
  const saving = button.page().waitForEvent('download');
  await button.click();
  return await readFile(await (await saving).path(), 'utf8');
}

/** A text in which the first byte of a field is another one, whatever it was. */
function altered(text: string, field: string): string {
  return text.replace(new RegExp(`(?<="${field}":"0x)..`), (byte) => (byte === '00' ? '01' : '00'));
}

async function chooseFile(field: Locator, text = 'certificate'): Promise<void> {
  const buffer = Buffer.from(text);
  await field.setInputFiles({ name: 'chosen.pdf', mimeType: 'application/pdf', buffer });
}
