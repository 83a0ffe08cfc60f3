import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Page } from 'playwright-core';
import {
  grantRight,
  knownRights,
  restorePatient,
  rightFor,
  handOver,
  readPrescriptions,
  readChart,
} from '../../src/client/index.ts';
import { overrideIn } from '../../src/fhir/makeMedicationRequest.ts';
import { browserMissing } from '../../src/client/test/openBrowser.ts';
import { SCREENS } from '../src/screens/screens.ts';
import { axeFaults } from './axeFaults.ts';
import { openDemoVisitor } from './demoVisitor.ts';
import { setStage } from './setStage.ts';
import { reachSight } from './sights.ts';
import { enterAs, untilSettled } from './walkthrough.ts';

const DOCTOR = 'Dr. Lena Brandt';
const PENICILLIN = ['Penicillin V 250 mg tablets', 'One in the morning', 'tablet'] as const;

/** Every page under a patient. */
const UNDER = SCREENS.filter(({ path }) => path.includes('/:handle'));

const pathFor = (path: string, handle: string): string =>
  path.replace(/:handle\??/, handle).replace(/\/:\w+\?$/, '');

async function fillOrder(page: Page): Promise<void> {
  for (const [place, text] of PENICILLIN.entries()) {
    await page.locator('main .field input').nth(place).fill(text);
  }
  await page.locator('main .field input[inputmode=numeric]').first().fill('10');
  await page.getByRole('button', { name: 'Check and show what you sign' }).click();
  await page.locator('main .signed').waitFor();
}

describe('every page under a patient', { skip: browserMissing }, () => {
  const stage = setStage();

  // @class a page under a patient that does not say whose it is | prescribes, claims or asks for the wrong patient, or against an allergy
  it('says whose it is, when they were born and what they are allergic to, always in view', async () => {
    const { party } = await openDemoVisitor(stage.url, 'doctor');
    const { handle: ana } = await openDemoVisitor(stage.url, 'patient');
    const right = (await knownRights(party)).find(({ grant: { handle } }) => handle === ana);
    const handle = right?.grant.handle ?? assert.fail('no right');
    for (const width of [1280, 390]) {
      const visit = await stage.visit({ viewport: { width, height: 844 } });
      const { page } = visit;
      await enterAs(page, stage.url, 'hospital', DOCTOR);
      assert.ok(UNDER.length >= 5, 'the pages are found by their path');
      for (const { path, ...screen } of UNDER) {
        const roles: readonly string[] = 'roles' in screen ? (screen.roles ?? []) : [];
        assert.ok(roles.includes('doctor'), `${path}: have somebody visit it here who may`);
        await reachSight(page, { name: path, path: pathFor(path, handle) });
        const banner = page.locator('main > .patient-banner');
        await banner.getByText('Allergies:').waitFor();
        await banner.getByText('Still being read').first().waitFor({ state: 'detached' });
        assert.match(
          await banner.innerText(),
          /^Ana Ferreira[^]*Born: 3 Feb 1961 \(\d+ years\)[^]*Allergies: Allergy to penicillin \(high\)/,
          path,
        );
        await page.evaluate(() => window.scrollTo(0, document.body.scrollHeight));
        const box = await banner.boundingBox();
        assert.ok(box !== null && box.y >= -1 && box.y + box.height < 844, path);
        assert.ok(!page.url().includes(handle.slice(2)), `${path}: the history tells of no chart`);
        assert.deepEqual(await axeFaults(page), [], path);
      }
      assert.deepEqual(visit.complaints, []);
      await visit.close();
    }
  });

  it('is not taken for a patient without allergies where the right does not reach', async () => {
    const { party: doctor } = await openDemoVisitor(stage.url, 'doctor-2');
    const { party: patient } = await openDemoVisitor(stage.url, 'patient');
    await restorePatient(patient);
    const given = await grantRight(patient, {
      grantee: doctor.address,
      categories: ['medications'],
      actions: ['read', 'add'],
      purpose: 'TREAT',
      until: Math.floor(Date.now() / 1000) + 3600,
    });
    await handOver(patient, given);
    const visit = await stage.visit();
    const { page } = visit;
    await enterAs(page, stage.url, 'hospital', 'Dr. Samir Haddad');
    await reachSight(page, { name: 'patients', path: '/patients' });
    await reachSight(page, { name: 'prescribe', path: `/prescribe/${given.grant.handle}` });
    await page.getByText('unknown here: your right does not cover them').waitFor();
    await fillOrder(page);
    await page.getByText('Not checked: not all of this could be read: Allergies').waitFor();
    await visit.close();
  });
});

describe(
  'a doctor who prescribes penicillin for somebody who is allergic to it',
  { skip: browserMissing },
  () => {
    const stage = setStage();

    for (const [language, words] of [
      ['en-GB', ['You sign this prescription for Ana Ferreira', 'Allergy: Allergy to penicillin']],
      [
        'de-DE',
        ['Sie unterschreiben dieses Rezept für Ana Ferreira', 'Allergie: Allergy to penicillin'],
      ],
    ] as const) {
      it(`reads what is signed and why not to, and signs nothing without a reason (${language})`, async () => {
        const { party } = await openDemoVisitor(stage.url, 'doctor');
        const { party: patient, handle } = await openDemoVisitor(stage.url, 'patient');
        assert.ok(handle !== undefined);
        await restorePatient(patient);
        const right = await rightFor(party, { handle, action: 'read', category: 'medications' });
        const { grant } = right ?? assert.fail('no right');
        const listed = async () =>
          (
            await readPrescriptions(
              party,
              await readChart(party, { handle, grant, purpose: grant.terms.purpose }),
            )
          ).prescriptions;
        const before = (await listed()).length;
        const visit = await stage.visit({ locale: language });
        const { page } = visit;
        await page.goto(`${stage.url}/hospital/portal/`);
        await page.getByRole('button', { name: DOCTOR }).click();
        await page.locator('nav a[href="#/more"]').waitFor();
        await reachSight(page, { name: 'patients', path: '/patients' });
        await reachSight(page, { name: 'prescribe', path: `/prescribe/${handle}` });
        for (const [place, text] of PENICILLIN.entries()) {
          await page.locator('main .field input').nth(place).fill(text);
        }
        await page.locator('main .field input[inputmode=numeric]').first().fill('10');
        await page.locator('main .button.main').click();
        const sheet = page.locator('main .signed');
        for (const word of words) await sheet.getByText(word).waitFor();
        for (const text of [...PENICILLIN.slice(0, 2), '1 × 10 tablet']) {
          await sheet.getByText(text).first().waitFor();
        }
        await sheet.locator('.button.danger').click();
        await sheet.locator('.field .error').waitFor();
        assert.equal((await listed()).length, before, 'nothing is written without a reason');
        await sheet.locator('.field input').fill(`Tolerated in ${language}`);
        await sheet.locator('.button.danger').click();
        await page.locator('.notice.good').waitFor();
        await untilSettled(page);
        const newest = (await listed()).find(
          ({ request }) => overrideIn(request) === `Tolerated in ${language}`,
        );
        assert.equal(newest?.message.terms.medicine, PENICILLIN[0]);
        assert.deepEqual(visit.complaints, []);
        await visit.close();
      });
    }
  },
);
