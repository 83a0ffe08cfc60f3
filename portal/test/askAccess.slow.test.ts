import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Page } from 'playwright-core';
import { confirmFacts, contactCardOf, formatContactCard } from '../../src/client/index.ts';
import { browserMissing } from '../../src/client/test/openBrowser.ts';
import { axeFaults } from './axeFaults.ts';
import { openDemoVisitor } from './demoVisitor.ts';
import { setStage } from './setStage.ts';
import { enterAs, openScreen, untilSettled } from './walkthrough.ts';

const DOCTOR = 'Dr. Samir Haddad';
const PATIENT = 'Teodor Lindqvist';

async function goTo(page: Page, path: string): Promise<void> {
  await page.evaluate((to) => location.assign(to), `#${path}`);
  await untilSettled(page);
}

async function ask(page: Page, kind: string): Promise<void> {
  await openScreen(page, 'Patients');
  await page.getByRole('link', { name: 'Ask a patient for access' }).click();
  await page.getByRole('link', { name: PATIENT }).click();
  const sign = page.getByRole('button', { name: 'Sign and ask' });
  await sign.click();
  await page.getByText('Choose at least one kind').waitFor();
  await page.getByLabel(kind, { exact: true }).check();
  const words = await page.locator('.signed').innerText();
  assert.match(words, new RegExp(`You ask ${PATIENT} for this: You may read: ${kind}`));
  await sign.click();
  await page.locator('.card', { hasText: kind }).waitFor();
}

describe('asking a patient for access', { skip: browserMissing }, () => {
  const stage = setStage();

  it('opens nothing before the patient gives it, and the chart after that', async () => {
    const [doctor, patient] = [await stage.visit(), await stage.visit()];
    const { handle } = await openDemoVisitor(stage.url, 'patient-2');
    await enterAs(doctor.page, stage.url, 'hospital', DOCTOR);
    await goTo(doctor.page, `/patients/${handle}`);
    await doctor.page.getByText('You have no right to this. Ask the patient for one.').waitFor();
    await ask(doctor.page, 'Allergies');
    const card = doctor.page.locator('.card', { hasText: 'Allergies' }).first();
    assert.match(await card.innerText(), /Waits for an answer until/);
    assert.equal(await card.getByRole('link').count(), 0);

    await enterAs(patient.page, stage.url, 'hospital', PATIENT);
    await goTo(patient.page, '/requests');
    const asked = patient.page.locator('.card', { hasText: 'may read: Allergies.' });
    await asked.getByRole('button', { name: /^Give access/ }).click();
    await patient.page.getByRole('button', { name: 'Sign and share' }).click();
    await patient.page.locator('.notice.good').waitFor();

    await doctor.page.getByRole('button', { name: 'Refresh' }).click();
    await card.getByRole('link', { name: `Open the chart of ${PATIENT}` }).click();
    await doctor.page.locator('.chart-head').waitFor();
    await doctor.page.getByText('Allergy to peanut').first().waitFor();
    assert.deepEqual([doctor.complaints, patient.complaints], [[], []]);
    await doctor.close();
    await patient.close();
  });

  it('says that the patient declined, gives nothing by it, and can ask again', async () => {
    const [doctor, patient] = [await stage.visit(), await stage.visit()];
    await enterAs(doctor.page, stage.url, 'hospital', DOCTOR);
    await ask(doctor.page, 'Care plans');
    await enterAs(patient.page, stage.url, 'hospital', PATIENT);
    await goTo(patient.page, '/requests');
    const asked = patient.page.locator('.card', { hasText: 'may read: Care plans.' });
    await asked.getByRole('button', { name: /^Decline/ }).click();
    await patient.page.locator('.notice.good').waitFor();

    await doctor.page.getByRole('button', { name: 'Refresh' }).click();
    const cards = doctor.page.locator('.card', { hasText: 'Care plans' });
    await cards.getByText('Declined').waitFor();
    assert.equal(await cards.getByRole('link').count(), 0);
    await cards.getByRole('button', { name: `Ask ${PATIENT} again` }).click();
    await cards.getByText('Waits for an answer until').waitFor();
    assert.equal(await cards.count(), 2);
    await cards.getByRole('button', { name: `Send it to ${PATIENT} again` }).click();
    await untilSettled(doctor.page);
    assert.equal(await cards.count(), 2, 'a request that is sent again is the same one');
    await patient.page.reload();
    await enterAs(patient.page, stage.url, 'hospital', PATIENT);
    await goTo(patient.page, '/requests');
    await asked.getByText(/You can answer until .+ Without an answer nothing is shared/).waitFor();
    await cards.getByRole('button', { name: `Withdraw it from ${PATIENT}` }).click();
    await cards.getByText('Withdrawn by you').waitFor();
    assert.equal(await cards.getByRole('button', { name: /^Withdraw/ }).count(), 0);
    // It was open on the patient's screen, and gives nothing there any more.
    await goTo(patient.page, '/home');
    await goTo(patient.page, '/requests');
    await patient.page.getByText('Nobody waits for your answer.').waitFor();
    assert.equal(await asked.count(), 0);
    assert.deepEqual([doctor.complaints, patient.complaints], [[], []]);
    await doctor.close();
    await patient.close();
  });

  it('takes nobody whose card the organisations do not confirm', async () => {
    const visit = await stage.visit();
    const { page } = visit;
    await enterAs(page, stage.url, 'hospital', DOCTOR);
    await goTo(page, '/ask');
    const people = await page.locator('.people li').count();
    await page.getByText('Add a person by their card').click();
    await page.getByLabel('Card', { exact: true }).fill('medseal1notacard');
    await page.getByLabel('Name of the person').fill('A stranger');
    await page.getByRole('button', { name: 'Add this person' }).click();
    await page.getByText('This is not a card of this network').waitFor();
    const { party } = await openDemoVisitor(stage.url, 'doctor');
    const { party: facts } = await confirmFacts(party, { party: party.address });
    const card = contactCardOf(party.network, facts ?? assert.fail());
    const forged = { ...card, handle: `0x${'5a'.repeat(32)}` } as const;
    await page.getByLabel('Card', { exact: true }).fill(formatContactCard(forged));
    await page.getByText('The key differs from what the organisations confirm.').waitFor();
    await page.getByRole('button', { name: 'Add this person' }).click();
    await page.getByText('The key differs from what the organisations confirm.').waitFor();
    assert.equal(await page.getByText('Confirmed by the organisations').count(), 0);
    assert.equal(await page.locator('.people li').count(), people);
    await goTo(page, `/ask/0x${'5a'.repeat(32)}`);
    await page.getByRole('heading', { name: 'Whom do you ask?' }).waitFor();
    await visit.close();
  });

  for (const [width, colorScheme] of [
    [1280, 'light'],
    [390, 'dark'],
  ] as const) {
    it(`has no fault of accessibility and nothing beside the screen at ${width} px, ${colorScheme}`, async () => {
      const visit = await stage.visit({ viewport: { width, height: 900 }, colorScheme });
      const { page } = visit;
      await enterAs(page, stage.url, 'hospital', DOCTOR);
      const { handle } = await openDemoVisitor(stage.url, 'patient-2');
      for (const path of ['/ask', `/ask/${handle}`, '/asked']) {
        await goTo(page, path);
        assert.deepEqual(await axeFaults(page), [], path);
        const beside = await page.evaluate(
          () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
        );
        assert.equal(beside, 0, path);
      }
      assert.deepEqual(visit.complaints, []);
      await visit.close();
    });
  }
});
