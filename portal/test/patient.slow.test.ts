import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { describe, it } from 'node:test';
import type { Bundle } from '@medplum/fhirtypes';
import type { Page } from 'playwright-core';
import { examineAudit, restorePatient } from '../../src/client/index.ts';
import { browserMissing } from '../../src/client/test/openBrowser.ts';
import { axeFaults } from './axeFaults.ts';
import { openDemoVisitor } from './demoVisitor.ts';
import { linesOf } from './linesOf.ts';
import { requireGood } from './requireGood.ts';
import { seedViews } from './seedViews.ts';
import { setStage } from './setStage.ts';
import { enterAs, openChart, openScreen, untilCounted, untilSettled } from './walkthrough.ts';

const PATIENT = 'Teodor Lindqvist';

async function openEvidence(page: Page): Promise<void> {
  await page.locator('nav a[href="#/evidence"]').click();
  await untilSettled(page);
}

/** Number of events that the list says it has. */
async function countOf(page: Page): Promise<number> {
  const text = await page.locator('main p[role=status]').innerText();
  return Number.parseInt(text.replaceAll(',', ''), 10);
}

describe('what waits for a patient, and what others do', { skip: browserMissing }, () => {
  const stage = setStage();

  it('shows on a screen that stays open that a doctor looked in another browser, and audits no more than that', async () => {
    const patient = await stage.visit();
    await enterAs(patient.page, stage.url, 'hospital', PATIENT);
    await openEvidence(patient.page);
    const before = await countOf(patient.page);
    assert.ok(before > 0);
    const doctor = await stage.visit();
    let views = 0;
    doctor.page.on('request', (request) => {
      if (request.url().endsWith('/v1/submissions'))
        views += request.postData()?.match(/"type":"View(?:Set)?"/g)?.length ?? 0;
    });
    await openChart(doctor.page, stage.url, PATIENT);
    await untilCounted(doctor.page);
    // For any view that the list does not show yet, the page audits once more.
    await patient.page.waitForFunction(
      (count) =>
        Number.parseInt(document.querySelector('main p[role=status]')?.textContent ?? '', 10) >=
        count,
      before + views,
    );
    assert.ok(views > 0);
    await patient.page.locator('main select').first().selectOption('all');
    const audits = patient.page.getByText(/^Saw who saw what/);
    const asked = await audits.allInnerTexts();
    assert.ok(asked.length > 0);
    await openScreen(patient.page, 'My health');
    await openEvidence(patient.page);
    await patient.page.locator('main select').first().selectOption('all');
    assert.deepEqual(
      await audits.allInnerTexts(),
      asked,
      'going from screen to screen asked for another audit',
    );
    assert.deepEqual([patient.complaints, doctor.complaints], [[], []]);
    await patient.close();
    await doctor.close();
  });

  it('says in one card what a person did on a day, and has unfolded every entry of the audit once', async () => {
    const visit = await stage.visit();
    const { page } = visit;
    // A page that nobody looks at does not audit again by itself, so the lists stay as they are.
    await page.addInitScript(() => Object.defineProperty(document, 'hidden', { get: () => true }));
    await enterAs(page, stage.url, 'hospital', PATIENT);
    await openEvidence(page);
    // At midnight there is a card for each day.
    const card = page.locator('main .card', { hasText: 'Dr. Lena Brandt' }).first();
    await card.getByText(/^Read (?:the whole chart: )?\d+ records?$/).waitFor();
    await card.getByText(/^Saw the list of your records/).waitFor();
    await card.getByText(/^Doctor, hospital · For: Treatment$/).waitFor();
    await page.locator('main select').first().selectOption('all');
    const count = await countOf(page);
    const marks = page.locator('main .card > details > summary');
    assert.ok((await marks.count()) < count);
    const earlier = page.getByRole('button', { name: /^Earlier/ });
    while ((await earlier.count()) > 0) await earlier.click();
    for (const mark of await marks.all()) await mark.click();
    const more = page.getByRole('button', { name: /^Show more/ });
    while ((await more.count()) > 0) await more.first().click();
    // The lines behind a mark are drawn after the click that opens it.
    const codes = page.locator('.timeline dl dd:first-of-type code');
    await codes.nth(count - 1).waitFor({ state: 'attached' });
    const places = (await codes.allTextContents())
      .map((text) => text.trim().replaceAll(/\s+/g, ' '))
      .toSorted();
    assert.equal(places.length, count);
    assert.deepEqual(await axeFaults(page), []);

    const { party } = await openDemoVisitor(stage.url, 'patient-2');
    await restorePatient(party);
    const { logs } = await examineAudit(party);
    // The list was read before this audit, which is an event too.
    const newest = (wanted: string): number =>
      places
        .map((place) => place.split(' #'))
        .filter(([log]) => log === wanted)
        .reduce((last, [, index]) => Math.max(last, Number(index)), -1);
    const audited = logs
      .flatMap(({ events }) => events)
      .filter(({ log, index }) => index <= newest(log))
      .map(({ log, index }) => `${log} #${index}`)
      .toSorted();
    assert.deepEqual(places, audited);
    assert.deepEqual(visit.complaints, []);
    await visit.close();
  });

  for (const [width, colorScheme] of [
    [1280, 'light'],
    [390, 'dark'],
  ] as const) {
    it(`says at one glance what is new at ${width} px, ${colorScheme}, without a fault of accessibility`, async () => {
      const visit = await stage.visit({ viewport: { width, height: 900 }, colorScheme });
      const { page } = visit;
      await enterAs(page, stage.url, 'hospital', PATIENT);
      for (const path of ['home', 'requests']) {
        await page.goto(`${page.url().replace(/#.*$/, '')}#/${path}`);
        await page.locator('main h1').waitFor();
        await untilSettled(page);
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

  it('gives access that was asked for once the words are signed, and then waits for nothing', async () => {
    const visit = await stage.visit();
    const { page, complaints } = visit;
    await enterAs(page, stage.url, 'hospital', 'Ana Ferreira');
    await page.goto(`${page.url().replace(/#.*$/, '')}#/requests`);
    await page.locator('main h1').waitFor();
    await untilSettled(page);
    const approve = page.getByRole('button', { name: /^Give access/ });
    await approve.first().click();
    const words = await page.locator('dialog p').first().innerText();
    assert.match(words, /may read.+For: .+Until /);
    await page.getByRole('button', { name: 'Sign and share' }).click();
    await page.locator('.notice.good').waitFor();
    await page.locator('dialog').waitFor({ state: 'detached' });
    assert.equal(await approve.count(), 0);
    assert.deepEqual(complaints, []);
    await visit.close();
  });

  it('saves the audit and the rights as FHIR, and gives from a Consent only what was shown in words, or names the path that no right can say', async () => {
    const visit = await stage.visit({
      viewport: { width: 390, height: 844 },
      colorScheme: 'dark',
    });
    const { page, complaints } = visit;
    const main = page.locator('main');
    const save = async (name: string): Promise<Bundle> => {
      const saving = page.waitForEvent('download');
      await main.getByRole('button', { name }).click();
      const path = await (await saving).path();
      return JSON.parse(await readFile(path, 'utf8')) as Bundle;
    };
    const show = async (consent: unknown): Promise<void> => {
      const buffer = Buffer.from(JSON.stringify(consent));
      const file = { name: 'consent.json', mimeType: 'application/json', buffer };
      await main.getByLabel('File with a Consent').setInputFiles(file);
      await main.getByRole('button', { name: 'Show what it says' }).click();
    };
    await enterAs(page, stage.url, 'hospital', 'Ana Ferreira');
    await openEvidence(page);
    await main.getByRole('link', { name: 'Files for other programs (FHIR)' }).click();
    await untilSettled(page);
    await requireGood(page, 'files');
    const { entry: audited = [] } = await save('Save who saw what');
    const kinds = new Set(audited.map(({ resource }) => resource?.resourceType));
    assert.deepEqual(kinds, new Set(['AuditEvent', 'Provenance']));
    const consents = await save('Save the rights');
    await show(consents);
    // Otherwise rights that hold longer are shortened, and so are other rights.
    await main.getByRole('radio', { name: 'One year' }).check();
    await main.getByRole('button', { name: 'Show what it says' }).click();
    await main.getByText('This right stands already.').first().waitFor();
    assert.equal(await main.getByRole('button', { name: /^Sign and give/ }).count(), 0);

    const consent = consents.entry
      ?.map(({ resource }) => resource)
      .filter((each) => each?.resourceType === 'Consent')
      // A right to one record is said in other words than a right to a kind of records.
      .find(({ status, provision }) => status === 'active' && provision?.data === undefined);
    assert.ok(consent?.provision !== undefined);
    const { provision } = consent;
    await show({ ...consent, provision: { ...provision, code: [{ text: 'any' }] } });
    await main.getByRole('alert').getByText('Consent.provision.code[0]').first().waitFor();
    const actor = provision.actor?.map((each) => ({
      ...each,
      reference: { reference: 'Practitioner/f204' },
    }));
    const label = provision.securityLabel?.map((each) => ({ ...each, code: 'immunizations' }));
    const securityLabel = label?.slice(0, 1);
    const inWords = main.getByText(/^Dr\. Lena Brandt may .*: Vaccinations\. For: /);
    await show({
      ...consent,
      provision: { ...provision, period: undefined, actor: undefined, securityLabel },
    });
    const nobody = main.getByRole('alert').getByText('Consent.provision.actor', { exact: true });
    await nobody.waitFor();
    await main.getByRole('checkbox', { name: 'Dr. Lena Brandt' }).check();
    await main.getByRole('button', { name: 'Show what it says' }).click();
    await inWords.waitFor();
    await requireGood(page, 'Consent for everybody');
    await show({
      ...consent,
      patient: { reference: 'Patient/f001' },
      provision: { ...provision, period: undefined, actor, securityLabel },
    });
    await main.getByRole('alert').getByText('Consent.provision.actor[0].reference').waitFor();
    await requireGood(page, 'refused Consent');
    await main.getByRole('checkbox', { name: 'Patient/f001' }).check();
    await main.getByLabel('Who is “Practitioner/f204”?').selectOption({ label: 'Dr. Lena Brandt' });
    await main.getByRole('button', { name: 'Show what it says' }).click();
    // The screen says why, if the words do not come.
    await inWords.waitFor().catch(async (cause: unknown) => {
      throw new Error(await main.innerText(), { cause });
    });
    await requireGood(page, 'Consent in words');
    await main.getByRole('button', { name: 'Sign and give 1 right' }).click();
    await main.getByText('1 right was given.').waitFor();
    await main.getByText('This right stands already.').waitFor();
    assert.deepEqual(complaints, []);
    await visit.close();
  });

  it('draws a long list in pieces, and so what one card holds', async () => {
    await seedViews(stage.url, PATIENT, 1000);
    const visit = await stage.visit({ viewport: { width: 390, height: 844 } });
    const { page, complaints } = visit;
    // The page verifies each entry of the log before it shows any.
    page.setDefaultTimeout(120_000);
    await enterAs(page, stage.url, 'hospital', PATIENT);
    await openEvidence(page);
    assert.ok((await countOf(page)) > 1000);

    const drawn = await linesOf(page, 'Dr. Lena Brandt');
    await drawn.nth(49).waitFor();
    assert.equal(await drawn.count(), 50);
    await page.getByRole('button', { name: /^Show more \(\d+\)/ }).click();
    await drawn.nth(249).waitFor();
    assert.equal(await drawn.count(), 250);
    await page.getByRole('button', { name: /^Refused \d/ }).click();
    await drawn.first().waitFor({ state: 'detached' });
    assert.ok((await countOf(page)) < 1000);
    assert.deepEqual(complaints, []);
    await visit.close();
  });
});
