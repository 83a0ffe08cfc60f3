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
import { propsOfStories } from './stories/propsOfStories.ts';
import { enterAs, untilSettled } from './walkthrough.ts';

const DOCTOR = 'Dr. Lena Brandt';
/** Texts of an order, each with the place of its field: those of a dose are between medicine and directions. */
const PENICILLIN = [
  [0, 'Penicillin V 250 mg tablets'],
  [5, 'One in the morning'],
  [6, 'tablet'],
] as const;

/** Every page under a patient. */
const UNDER = SCREENS.filter(({ path }) => path.includes('/:handle'));

const pathFor = (path: string, handle: string): string =>
  path.replace(/:handle\??/, handle).replace(/\/:\w+\?$/, '');

async function fillOrder(page: Page): Promise<void> {
  for (const [place, text] of PENICILLIN) {
    await page.locator('main .field input').nth(place).fill(text);
  }
  await page.locator('main .field input[inputmode=numeric]').first().fill('10');
  await page.getByRole('button', { name: 'Check and show what you sign' }).click();
  await page.locator('main .signed').waitFor();
}

describe('every page under a patient', { skip: browserMissing }, () => {
  const stage = setStage();

  // @class a page under a patient that does not say whose it is | prescribes, claims or asks for the wrong patient, or against an allergy
  it('says whose it is, for what and until when it is read, when they were born and what they are allergic to, always in view', async () => {
    const { party } = await openDemoVisitor(stage.url, 'doctor');
    const { handle: ana } = await openDemoVisitor(stage.url, 'patient');
    const right = (await knownRights(party)).find(({ grant: { handle } }) => handle === ana);
    const handle = right?.grant.handle ?? assert.fail('no right');
    for (const width of [1280, 390]) {
      const visit = await stage.visit({ viewport: { width, height: 844 } });
      const { page } = visit;
      await enterAs(page, stage.url, 'hospital', DOCTOR);
      assert.ok(UNDER.length >= 5, 'the pages are found by their path');
      // The list says age and allergies once the chart was viewed, and views nothing itself.
      const line = page.locator('main .card', { hasText: 'Ana Ferreira' });
      await line.getByText('not known here until you open the chart').waitFor();
      for (const { path, ...screen } of UNDER) {
        const roles: readonly string[] = 'roles' in screen ? (screen.roles ?? []) : [];
        assert.ok(roles.includes('doctor'), `${path}: have somebody visit it here who may`);
        await reachSight(page, { name: path, path: pathFor(path, handle) });
        const banner = page.locator('main > .patient-banner');
        await banner.getByText('Allergies:').waitFor();
        await banner.getByText('Still being read').first().waitFor({ state: 'detached' });
        assert.match(
          await banner.innerText(),
          /^Ana Ferreira\s+Treatment\s+until \d[^]*Born: 3 Feb 1961 \(\d+ years\)[^]*Allergies: Allergy to penicillin \(high\)/,
          path,
        );
        await page.evaluate(() => window.scrollTo(0, document.body.scrollHeight));
        const box = await banner.boundingBox();
        assert.ok(box !== null && box.y >= -1 && box.y + box.height < 844, path);
        assert.ok(!page.url().includes(handle.slice(2)), `${path}: the history tells of no chart`);
        assert.deepEqual(await axeFaults(page), [], path);
      }
      const asked: string[] = [];
      page.on('request', (request) => {
        if (request.method() === 'POST') asked.push(`${request.url()} ${request.postData()}`);
      });
      await reachSight(page, { name: 'patients', path: '/patients' });
      await line.getByText('Allergy to penicillin (high)').waitFor();
      assert.match(
        await line.innerText(),
        /\d+ years · Allergies:[^]*As of your look at \d+ \w+ \d{4}/,
      );
      assert.deepEqual(
        asked.filter((each) => /"type":"(?:View|ViewSet|Keep)/.test(each)),
        [],
      );
      assert.deepEqual(await axeFaults(page), []);
      assert.deepEqual(visit.complaints, []);
      await visit.close();
    }
  });

  it('says so at the counter too, where the prescription that is shown says whose it is, and to an insurer without opening anything', async () => {
    const { slip } = await propsOfStories(stage.url);
    const visit = await stage.visit({ viewport: { width: 390, height: 844 } });
    const { page } = visit;
    await enterAs(page, stage.url, 'hospital', 'Noor Willems');
    await reachSight(page, { name: 'dispense', path: '/dispense' });
    const banner = page.locator('main > .patient-banner');
    assert.equal(await banner.count(), 0);
    await page.locator('main textarea').fill(slip);
    await page.getByRole('button', { name: 'Read the prescription' }).click();
    await banner.getByText('Allergy to penicillin').waitFor();
    assert.match(
      await banner.innerText(),
      /^Ana Ferreira\s+Treatment\s+until \d[^]*Born: unknown here[^]*Allergies: Allergy to penicillin \(high\)/,
    );
    await page.evaluate(() => window.scrollTo(0, document.body.scrollHeight));
    const box = await banner.boundingBox();
    assert.ok(box !== null && box.y >= -1 && box.y + box.height < 844);
    assert.deepEqual(await axeFaults(page), []);
    assert.deepEqual(visit.complaints, []);
    await visit.close();

    const insurer = await stage.visit();
    let views = 0;
    insurer.page.on('request', (request) => {
      const text = request.url().endsWith('/v1/submissions') ? request.postData() : '';
      views += text?.match(/"what":"(?:record|chart)"|"ViewSet"/g)?.length ?? 0;
    });
    const { handle } = await openDemoVisitor(stage.url, 'patient');
    await enterAs(insurer.page, stage.url, 'insurer', 'Marek Novak');
    const before = views;
    await reachSight(insurer.page, { name: 'ask', path: `/ask/${handle}` });
    const shown = insurer.page.locator('main > .patient-banner');
    await shown.getByText('Payment').waitFor();
    assert.match(await shown.innerText(), /^Ana Ferreira\s+Payment\s+until \d/);
    await shown.getByText('Birth date and allergies are unknown here').waitFor();
    assert.equal(views, before);
    await insurer.close();
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
      [
        'fr-FR',
        ['Vous signez cette ordonnance pour Ana Ferreira', 'Allergie : Allergy to penicillin'],
      ],
      ['es-ES', ['Usted firma esta receta para Ana Ferreira', 'Alergia: Allergy to penicillin']],
      // Names stand between marks that keep their own direction.
      [
        'ar-EG',
        [
          'توقّع هذه الوصفة للمريض \u2068Ana Ferreira\u2069',
          'حساسية: \u2068Allergy to penicillin\u2069',
        ],
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
        for (const [place, text] of PENICILLIN) {
          await page.locator('main .field input').nth(place).fill(text);
        }
        await page.locator('main .field input[inputmode=numeric]').first().fill('10');
        await page.locator('main .button.main').click();
        const sheet = page.locator('main .signed');
        for (const word of words) await sheet.getByText(word).waitFor();
        for (const text of [PENICILLIN[0][1], PENICILLIN[1][1], '1 × 10 tablet']) {
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
        assert.equal(newest?.message.terms.medicine, PENICILLIN[0][1]);
        assert.deepEqual(visit.complaints, []);
        await visit.close();
      });
    }
  },
);
