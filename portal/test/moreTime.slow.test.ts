import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  checkInbox,
  grantRight,
  handOver,
  knownRights,
  readMistakes,
  restorePatient,
} from '../../src/client/index.ts';
import { browserMissing } from '../../src/client/test/openBrowser.ts';
import { axeFaults } from './axeFaults.ts';
import { openDemoVisitor } from './demoVisitor.ts';
import { setStage } from './setStage.ts';
import { enterAs, openScreen } from './walkthrough.ts';

const DAY = 86_400;

describe('more time for a right', { skip: browserMissing }, () => {
  const stage = setStage();

  it('is asked for below the banner, and given by the patient in three presses', async () => {
    const { party: patient } = await openDemoVisitor(stage.url, 'patient');
    const { party: doctor } = await openDemoVisitor(stage.url, 'doctor-2');
    await restorePatient(patient);
    const ends = Math.floor(Date.now() / 1000) + 3 * DAY;
    const given = await grantRight(patient, {
      grantee: doctor.address,
      categories: ['vitals'],
      actions: ['read'],
      purpose: 'TREAT',
      until: ends,
    });
    await handOver(patient, given);
    const [asking, home] = [await stage.visit(), await stage.visit()];
    await enterAs(asking.page, stage.url, 'hospital', 'Dr. Samir Haddad');
    await asking.page.getByText('Ends soon').click();
    const notice = asking.page.locator('main', { hasText: 'Your access ends' });
    await notice.getByRole('button', { name: 'Ask for more time' }).click();
    await notice.getByLabel('Why do you need more time?').fill('The wound needs another month.');
    await notice.getByRole('button', { name: /^Tell / }).click();
    await notice.getByText('Sent today. No answer yet.').waitFor();
    assert.deepEqual(await axeFaults(asking.page), []);

    await enterAs(home.page, stage.url, 'hospital', 'Ana Ferreira');
    await home.page.getByText('1 person asks to keep access for longer.').click();
    const card = home.page.locator('main li', { hasText: 'The wound needs another month.' });
    await card.getByRole('button', { name: /^Let them keep it until/ }).click();
    await card.getByText('Confirmed by the organisations: Doctor, hospital.').waitFor();
    assert.deepEqual(await axeFaults(home.page), []);
    await card.getByRole('button', { name: 'Sign' }).click();
    await card.getByText('Access was extended.').waitFor();
    await checkInbox(doctor);
    const rights = (await knownRights(doctor)).filter(({ grant }) => grant.terms.until > ends);
    assert.equal(rights.length, 1);

    await openScreen(home.page, 'Sharing');
    const row = home.page.locator('main li', { hasText: 'Samir' }).first();
    await row.getByRole('button', { name: 'Ask why' }).click();
    await row.getByLabel('What do you want to know?').fill('Why do you need this?');
    await row.getByRole('button', { name: /^Tell / }).click();
    await row.getByText('Sent today. No answer yet.').waitFor();
    await checkInbox(doctor);
    assert.equal((await readMistakes(doctor)).at(-1)?.words, 'Why do you need this?');
    for (const visit of [asking, home]) await visit.close();
  });
});
