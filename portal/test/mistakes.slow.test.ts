import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Page } from 'playwright-core';
import { addDocument, rightFor } from '../../src/client/index.ts';
import { browserMissing } from '../../src/client/test/openBrowser.ts';
import { axeFaults } from './axeFaults.ts';
import { openDemoVisitor } from './demoVisitor.ts';
import { linesOf } from './linesOf.ts';
import { setStage } from './setStage.ts';
import { enterAs, openScreen, untilCounted, untilSettled } from './walkthrough.ts';

const DOCTOR = 'Dr. Lena Brandt';
const PATIENT = 'Ana Ferreira';
const HOSTILE = `<img src=x onerror=alert(1)>\n\u202egnorw\n{who} ${'x'.repeat(1500)}`;

async function goTo(page: Page, path: string): Promise<void> {
  await page.evaluate((to) => location.assign(to), `#${path}`);
  await untilSettled(page);
}

/** Tells the author of what is on the screen, or of one line of it. */
async function tell(within: ReturnType<Page['locator']>, words: string): Promise<void> {
  await within.getByRole('button', { name: 'This is wrong' }).click();
  await within.getByLabel('What is wrong?').fill(words);
  await within.getByRole('button', { name: /^Tell / }).click();
  await within.getByText('Sent today. No answer yet.').first().waitFor();
}

/** Adds a note of the doctor to the patient's chart; returns the record that tells of it. */
async function addNote(url: string): Promise<string> {
  const { party } = await openDemoVisitor(url, 'doctor');
  const { handle } = await openDemoVisitor(url, 'patient');
  assert.ok(handle !== undefined);
  const wanted = { handle, action: 'add', category: 'reports', purpose: 'TREAT' } as const;
  const { grant } = (await rightFor(party, wanted)) ?? assert.fail();
  const { reference } = await addDocument(party, {
    handle,
    grant,
    purpose: 'TREAT',
    category: 'reports',
    title: 'Visit of today',
    contentType: 'text/plain',
    content: new TextEncoder().encode('Smokes two packs a day.'),
  });
  return reference.record;
}

describe('a mistake', { skip: browserMissing }, () => {
  const stage = setStage();

  it('is told in one step on the record’s page, corrected in the chart, and answered by that', async () => {
    const record = await addNote(stage.url);
    const [doctor, patient] = [await stage.visit(), await stage.visit()];
    await enterAs(patient.page, stage.url, 'hospital', PATIENT);
    await goTo(patient.page, `/records/${record}`);
    const main = patient.page.locator('main');
    await main.getByRole('button', { name: 'This is wrong' }).click();
    await main.getByLabel('What is wrong?').fill('x'.repeat(10_000));
    await main.getByText('This is 8000 characters too long.').waitFor();
    await main.getByRole('button', { name: /^Tell / }).click();
    await main.getByRole('button', { name: 'Cancel' }).click();
    await tell(main, 'I have never smoked.');

    await enterAs(doctor.page, stage.url, 'hospital', DOCTOR);
    await doctor.page.getByText('1 message about a record waits for your answer.').click();
    const card = doctor.page.locator('.card', { hasText: 'I have never smoked.' });
    await card.getByRole('link', { name: 'Open the chart to correct it' }).click();
    await untilCounted(doctor.page);
    await doctor.page.getByRole('link', { name: 'Documents' }).click();
    await doctor.page.getByRole('button', { name: 'Open Visit of today' }).click();
    await doctor.page.getByRole('button', { name: 'Correct this note' }).click();
    await doctor.page.getByLabel('Corrected note').fill('Has never smoked.');
    // The report is answered behind the words that the note was corrected; its screen looks only when it is opened.
    const answered = doctor.page.waitForResponse('**/v1/letters');
    await doctor.page.getByRole('button', { name: 'Seal and save the correction' }).click();
    await doctor.page.getByText('The note was corrected.').waitFor();
    await answered;
    await openScreen(doctor.page, 'Messages');
    await card.getByText('Corrected in version 2.').waitFor();
    // The answer is kept on the device before its letter is with the nodes.
    await card.getByRole('button').waitFor({ state: 'detached' });

    await goTo(patient.page, '/home');
    await patient.page.getByText('1 message of yours was answered this week.').click();
    await patient.page.getByText('Corrected in version 2.').waitFor();
    assert.deepEqual([doctor.complaints, patient.complaints], [[], []]);
    await doctor.close();
    await patient.close();
  });

  it('lets a patient ask a question, which stays a question, and for a medicine again on its own record alone', async () => {
    const record = await addNote(stage.url);
    const [doctor, patient] = [await stage.visit(), await stage.visit()];
    await enterAs(patient.page, stage.url, 'hospital', PATIENT);
    await goTo(patient.page, `/records/${record}`);
    const main = patient.page.locator('main');
    await main.getByRole('button', { name: 'This is wrong' }).waitFor();
    const renew = main.getByRole('button', { name: 'Ask to prescribe it again' });
    assert.equal(await renew.count(), 0);
    await main.getByRole('button', { name: 'Ask a question' }).click();
    await main.getByLabel('What do you want to know?').fill('May I swim?');
    await main.getByRole('button', { name: /^Tell / }).click();
    await main.locator('.card', { hasText: 'May I swim?' }).getByText('Question').waitFor();

    await enterAs(doctor.page, stage.url, 'hospital', DOCTOR);
    await openScreen(doctor.page, 'Messages');
    const card = doctor.page.locator('.cards .card', { hasText: 'May I swim?' });
    await card.getByText('Question').waitFor();
    assert.equal(await card.getByRole('link', { name: /correct it/ }).count(), 0);
    await card.getByLabel(/^Your answer to/).fill('Yes.');
    await card.getByRole('button', { name: /^Answer/ }).click();
    await card.getByText('Yes.').waitFor();
    await untilSettled(doctor.page);

    await goTo(patient.page, '/records');
    await untilSettled(patient.page);
    await patient.page
      .getByRole('link', { name: /Lisinopril/ })
      .first()
      .click();
    await renew.click();
    await main.getByLabel('How much is left, and has anything changed?').fill('Six tablets.');
    await main.getByRole('button', { name: /^Tell / }).click();
    await main.getByText('Wishes it prescribed again').waitFor();
    assert.deepEqual([doctor.complaints, patient.complaints], [[], []]);
    await doctor.close();
    await patient.close();
  });

  it('is told on a line of evidence, and answered with words', async () => {
    const [doctor, patient] = [await stage.visit(), await stage.visit()];
    await enterAs(patient.page, stage.url, 'hospital', PATIENT);
    await goTo(patient.page, '/evidence');
    const lines = await linesOf(patient.page, DOCTOR);
    await tell(lines.first(), HOSTILE);
    await enterAs(doctor.page, stage.url, 'hospital', DOCTOR);
    await openScreen(doctor.page, 'Messages');
    const card = doctor.page.locator('.cards .card', { hasText: 'onerror' });
    const quote = await card.locator('.quote').innerText();
    assert.ok(quote.includes('<img src=x onerror=alert(1)>') && quote.includes('\\u{202e}'));
    await card.getByLabel(/^Your answer to/).fill('You came on Monday.');
    await card.getByRole('button', { name: /^Answer/ }).click();
    await card.getByText('You came on Monday.').waitFor();
    // The answer is kept on the device before its letter is with the nodes.
    await untilSettled(doctor.page);
    await goTo(patient.page, '/mistakes');
    await patient.page.getByText('You came on Monday.').waitFor();
    assert.deepEqual([doctor.complaints, patient.complaints], [[], []]);
    await doctor.close();
    await patient.close();
  });

  for (const [width, colorScheme] of [
    [1280, 'light'],
    [390, 'dark'],
  ] as const) {
    it(`has no fault of accessibility and nothing beside the screen at ${width} px, ${colorScheme}`, async () => {
      for (const [who, paths] of [
        [PATIENT, ['/evidence', '/mistakes']],
        [DOCTOR, ['/mistakes']],
      ] as const) {
        const visit = await stage.visit({ viewport: { width, height: 900 }, colorScheme });
        const { page } = visit;
        await enterAs(page, stage.url, 'hospital', who);
        for (const path of paths) {
          await goTo(page, path);
          const wrong = page.getByRole('button', { name: 'This is wrong' });
          if (path === '/evidence') {
            await linesOf(page, DOCTOR);
            await wrong.first().click();
          }
          assert.deepEqual(await axeFaults(page), [], path);
          const beside = await page.evaluate(
            () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
          );
          assert.equal(beside, 0, path);
        }
        assert.deepEqual(visit.complaints, []);
        await visit.close();
      }
    });
  }

  it('is objected to with a date, declined with a reason in the chart, and disputed beside the record', async () => {
    const record = await addNote(stage.url);
    const [doctor, patient] = [await stage.visit(), await stage.visit()];
    await enterAs(patient.page, stage.url, 'hospital', PATIENT);
    await goTo(patient.page, `/records/${record}`);
    const main = patient.page.locator('main');
    await main.getByRole('button', { name: 'Object to this record' }).click();
    await main.getByLabel('What do you disagree with?').fill(HOSTILE);
    await main.getByRole('button', { name: 'Sign and add' }).click();
    await main
      .getByText(/^An answer is due by /)
      .first()
      .waitFor();
    assert.deepEqual(await axeFaults(patient.page), []);

    await enterAs(doctor.page, stage.url, 'hospital', DOCTOR);
    await openScreen(doctor.page, 'Messages');
    const card = doctor.page.locator('.card', { hasText: 'gnorw' }).first();
    await card.getByText(/^An answer is due by /).waitFor();
    await card.getByRole('link', { name: 'Open the chart to correct it' }).click();
    await untilCounted(doctor.page);
    await doctor.page.getByRole('button', { name: 'Decline to correct it' }).click();
    await doctor.page.getByLabel('Why is it right as it is?').fill('You said so yourself.');
    assert.deepEqual(await axeFaults(doctor.page), []);
    await doctor.page.getByRole('button', { name: 'Sign and add' }).click();
    await doctor.page.getByText(/^An answer is due by /).waitFor({ state: 'detached' });

    await patient.page.reload();
    await enterAs(patient.page, stage.url, 'hospital', PATIENT);
    await goTo(patient.page, `/records/${record}`);
    await main.getByText('You said so yourself.').first().waitFor();
    await main.getByRole('button', { name: 'I disagree with the answer' }).click();
    await main.getByLabel('Why do you disagree?').fill('I did not.');
    await main.getByRole('button', { name: 'Sign and add' }).click();
    await main.getByText('I did not.').first().waitFor();
    await main
      .getByRole('button', { name: 'I disagree with the answer' })
      .waitFor({ state: 'detached' });
  });
});
