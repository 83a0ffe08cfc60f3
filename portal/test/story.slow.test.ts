import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { before, describe, it } from 'node:test';
import evidence from '../src/words/en/evidence.json' with { type: 'json' };
import { browserMissing } from '../../src/client/test/openBrowser.ts';
import { linesOf } from './linesOf.ts';
import type { Visit } from './openVisit.ts';
import { PASSPHRASE } from './makeKey.ts';
import { addByCard, becomePatient, cardShownBy } from './peopleByCard.ts';
import { setStage } from './setStage.ts';
import { enterAs, openScreen, RECORDS, untilCounted, untilSettled } from './walkthrough.ts';

const DOCTOR = 'Dr. Lena Brandt';

describe(
  'the story of a patient and a doctor whose records open by a release, with the mouse alone',
  { skip: browserMissing },
  () => {
    const stage = setStage();
    let anna: Visit;
    let house: Visit;
    let words: readonly string[];
    before(async () => {
      anna = await stage.visit();
      house = await stage.visit();
    });

    it('gives a new patient 24 words, checks three of them, and enrols her', async () => {
      const { page } = anna;
      words = await becomePatient(page, stage.url, 'Anna');
      assert.equal(words.length, 24);
    });

    it('takes a note, sealed, and shares it with the doctor in three steps', async () => {
      const { page } = anna;
      await enterAs(house.page, stage.url, 'hospital', DOCTOR);
      const doctor = await cardShownBy(house.page);
      const own = await cardShownBy(page);
      await openScreen(page, 'Records');
      await page.getByRole('link', { name: 'Add something' }).click();
      await page.getByLabel('Or write a note').fill('My knee hurts on stairs.');
      await page.getByLabel('What is it?').fill('Knee');
      await page.getByRole('button', { name: 'Seal and add' }).click();
      await page.getByText('“Knee” is among your records.').waitFor({ timeout: 60_000 });
      await openScreen(page, 'Sharing');
      await page.getByRole('link', { name: 'Share records' }).click();
      await untilSettled(page);
      await addByCard(page, doctor, 'Dr House', 'Doctor, hospital');
      await page.getByRole('heading', { name: 'What may Dr House do, and why?' }).waitFor();
      await page.getByRole('button', { name: 'Everything but sensitive' }).click();
      await page.getByRole('button', { name: 'Next' }).click();
      assert.match(await page.locator('.signed').innerText(), /Dr House may read: everything/);
      await page.getByRole('button', { name: 'Sign and share' }).click();
      await page.getByRole('heading', { name: 'You share with Dr House' }).waitFor();
      await openScreen(house.page, 'Patients');
      await addByCard(house.page, own, 'Anna', 'Patient, hospital');
      await untilSettled(house.page);
    });

    it('takes as many clicks and words to share with somebody known as docs/use/portal.md says', async () => {
      const { page } = anna;
      const docs = await readFile(join(import.meta.dirname, '../../docs/use/portal.md'), 'utf8');
      const [, clicks, most] =
        /(\d+) clicks from the list, and at most (\d+) words/.exec(docs.replaceAll(/\s+/g, ' ')) ??
        assert.fail();
      await openScreen(page, 'Sharing');
      let [pressed, words] = [0, 0];
      for (const name of ['Share records', 'Dr House', 'Everything but sensitive', 'Next']) {
        const role = name === 'Share records' ? 'link' : 'button';
        await page.getByRole(role, { name, exact: true }).click();
        await untilSettled(page);
        pressed += 1;
        // A choice leaves the person on the same screen.
        if (role === 'button' && name.startsWith('Everything')) continue;
        words += (await page.locator('main').innerText()).split(/\s+/).length;
      }
      await page.getByRole('button', { name: 'Sign and share' }).waitFor();
      assert.equal(pressed + 1, Number(clicks));
      assert.ok(words <= Number(most), `${words} words`);
    });

    it('shows the doctor the note, and the patient that the doctor saw it', async () => {
      const { page } = house;
      await page.locator('a.card', { hasText: 'Anna' }).click();
      await untilCounted(page);
      await page.locator('.tabs').getByRole('link', { name: 'Documents' }).click();
      await page.getByRole('button', { name: 'Open Knee' }).click();
      await page.getByText('My knee hurts on stairs.').waitFor();
      // A share that is asked for after the right ended would be refused, and the browser would complain.
      await untilSettled(page);
      await openScreen(anna.page, evidence.menu);
      // At midnight there is a card for each day.
      const card = anna.page.locator('main .card', { hasText: 'Dr House' }).first();
      await card.getByText(/^Read (?:the whole chart: )?\d+ records?$/).waitFor();
      await card.getByText('Knee').waitFor();
      const lines = await linesOf(anna.page, 'Dr House');
      await lines
        .getByText(/Dr House opened a record/)
        .first()
        .waitFor();
      await anna.page.getByText('The list is complete, and every line is proven.').waitFor();
    });

    it('ends the right in one step, after which the doctor is refused, and the refusal is evidence', async () => {
      const { page } = anna;
      await openScreen(page, 'Sharing');
      await page.getByRole('button', { name: 'Stop sharing with Dr House' }).click();
      await page.getByRole('button', { name: 'Stop sharing', exact: true }).click();
      await page.getByText('Dr House can open nothing more.').waitFor({ timeout: 60_000 });
      await house.page.locator('.tabs').getByRole('link', { name: 'All records' }).click();
      await house.page.locator('.tabs').getByRole('link', { name: 'Documents' }).click();
      await house.page.getByRole('button', { name: 'Open Knee' }).click();
      await house.page.getByText('This right has ended.').waitFor();
      await openScreen(page, evidence.menu);
      const card = page.locator('main .card', { hasText: 'Dr House' }).first();
      await card.getByText('Was refused: the right had ended').waitFor();
      await card.getByText('Tried to open a record.').waitFor();
      await card.getByText('Saw nothing.').waitFor();
    });

    it('saves a receipt that the same page verifies without asking anybody', async () => {
      const { page } = anna;
      await openScreen(page, 'Records');
      await page.locator(RECORDS, { hasText: 'Knee' }).click();
      await untilSettled(page);
      const saving = page.waitForEvent('download');
      await page.getByRole('button', { name: 'Save the receipt' }).click();
      const receipt = await (await saving).path();
      await openScreen(page, 'Check a proof');
      await page.locator('input[type=file]').first().setInputFiles(receipt);
      await page.locator('.notice.good').waitFor();
      assert.deepEqual([...anna.complaints, ...house.complaints], []);
    });

    it('opens the key again by its passphrase, and by nothing else', async () => {
      const { page } = anna;
      await page.getByRole('button', { name: 'Lock' }).first().click();
      await page.getByRole('button', { name: 'Anna', exact: true }).click();
      await page.getByLabel('Passphrase').fill('twelve brown cows');
      await page.getByRole('button', { name: 'Open', exact: true }).click();
      await page.getByText('This is not the passphrase.').waitFor({ timeout: 60_000 });
      await page.getByLabel('Passphrase').fill(PASSPHRASE);
      await page.getByRole('button', { name: 'Open', exact: true }).click();
      await page.getByRole('navigation').getByRole('link', { name: 'Records' }).waitFor();
      await untilSettled(page);
    });

    it('brings the key, the records and the people to another browser by the words', async () => {
      await openScreen(anna.page, 'My health');
      const other = await stage.visit();
      const { page } = other;
      await page.goto(`${stage.url}/hospital/portal/`);
      await page.getByRole('button', { name: 'Enter 24 words' }).click();
      await page.getByLabel('Your 24 words').fill(words.join(' '));
      await page.getByLabel('Name for this key on this device').fill('Anna');
      await page.getByLabel('New passphrase').fill(PASSPHRASE);
      await page.getByLabel('The passphrase again').fill(PASSPHRASE);
      await page.getByRole('button', { name: 'Open', exact: true }).click();
      await page.getByRole('link', { name: 'Sharing' }).waitFor({ timeout: 60_000 });
      await untilSettled(page);
      await openScreen(page, 'Sharing');
      await page.getByRole('link', { name: 'Share records' }).click();
      await page.getByRole('button', { name: 'Dr House' }).waitFor();
      await other.close();
    });
  },
);
