import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Page } from 'playwright-core';
import { addBundle, knownRights } from '../../src/client/index.ts';
import { browserMissing } from '../../src/client/test/openBrowser.ts';
import { openDemoVisitor } from './demoVisitor.ts';
import { requireGood } from './requireGood.ts';
import { sayEasily } from './sayIn.ts';
import { setStage } from './setStage.ts';
import { enterAs, untilSettled } from './walkthrough.ts';

/** A part of Home, by its heading. */
function part(page: Page, name: string): ReturnType<Page['getByRole']> {
  return page.getByRole('region', { name });
}

/** Counts the views that the page asks for: of several records (`ViewSet`), of one, of the list, and audits. */
function counting(page: Page): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  page.on('request', (request) => {
    if (!request.url().endsWith('/v1/submissions')) return;
    const asked = (request.postData() ?? '').matchAll(/"(ViewSet)"|"what":"(\w+)"/g);
    for (const [, set, what = ''] of asked) {
      const name = set ?? what;
      counts.set(name, (counts.get(name) ?? 0) + 1);
    }
  });
  return counts;
}

describe('Home of a patient', { skip: browserMissing }, () => {
  const stage = setStage();

  it('shows medicines, allergies, newest results, problems and vaccinations, by few views that stand under nobody else’s name', async (t) => {
    const visit = await stage.visit();
    const { page, complaints } = visit;
    const counts = counting(page);
    await enterAs(page, stage.url, 'hospital', 'Ana Ferreira');
    const medicines = part(page, 'My medicines');
    await medicines.getByText('Lisinopril 10 mg').waitFor();
    await medicines.getByText(/^Allergies:.*penicillin \(high\)/).waitFor();
    const results = part(page, 'Newest results').locator('li');
    assert.equal(await results.count(), 4);
    const [first = ''] = await results.allInnerTexts();
    assert.match(first, /blood sugar[^]*6\.7 %[^]*high[^]*Reference range: 4 to 5\.6/);
    assert.equal(await results.locator('svg[role=img]').count(), 4);
    await part(page, 'Problems').getByText('Type 2 diabetes').waitFor();
    await part(page, 'Vaccinations').getByText('Influenza vaccine').first().waitFor();
    await page.getByText(/^\d+ people\./).waitFor();
    const looked = await page.locator('main .timeline').innerText();
    assert.doesNotMatch(looked, /\bYou\b/);
    await requireGood(page, 'Home');
    t.diagnostic(`views: ${JSON.stringify(Object.fromEntries(counts))}`);
    const asked = ['chart', 'ViewSet', 'record'].map((name) => counts.get(name) ?? 0);
    // The page looked at the list once when it opened the key.
    assert.deepEqual(asked, [2, 1, 0], 'one view of the list, and one of all records');
    assert.ok((counts.get('audit') ?? 0) <= 2);

    await page.evaluate(() => (location.hash = '#/rights'));
    await page.getByRole('heading', { level: 1, name: /who|share/i }).waitFor();
    await untilSettled(page);
    await page.evaluate(() => (location.hash = '#/home'));
    await medicines.getByText('Lisinopril 10 mg').waitFor();
    await untilSettled(page);
    assert.equal(counts.get('ViewSet'), 1, 'what was opened stays open in the session');

    await page.getByRole('link', { name: 'All results' }).click();
    await page.locator('.chart figure.trend').first().waitFor();
    await untilSettled(page);
    await requireGood(page, 'own chart');
    assert.doesNotMatch(await page.locator('main').innerText(), /ask for their card|Your right/);
    assert.deepEqual(complaints, []);
    await visit.close();
  });

  it('opens what somebody adds meanwhile, and nothing else again', async () => {
    const visit = await stage.visit();
    const { page, complaints } = visit;
    const counts = counting(page);
    await enterAs(page, stage.url, 'hospital', 'Teodor Lindqvist');
    await part(page, 'My medicines').getByText('Allergies:').waitFor();
    await untilSettled(page);
    assert.deepEqual([counts.get('ViewSet'), counts.get('record') ?? 0], [1, 0]);
    const { party } = await openDemoVisitor(stage.url, 'doctor');
    const { handle = '0x' } = await openDemoVisitor(stage.url, 'patient-2');
    const rights = await knownRights(party);
    const right = rights.find(({ grant: { handle: of, terms } }) => of === handle && terms.add);
    const { grant } = right ?? assert.fail('the doctor has no right');
    await addBundle(party, {
      handle,
      grant,
      purpose: grant.terms.purpose,
      anotherPatient: true,
      bundle: {
        resourceType: 'Bundle',
        type: 'collection',
        entry: [
          {
            resource: {
              resourceType: 'MedicationRequest',
              status: 'active',
              intent: 'order',
              subject: { reference: 'Patient/1' },
              medicationCodeableConcept: { text: 'Montelukast 10 mg' },
            },
          },
        ],
      },
    });
    await part(page, 'My medicines').getByText('Montelukast 10 mg').waitFor();
    await untilSettled(page);
    assert.deepEqual([counts.get('ViewSet'), counts.get('record')], [1, 1]);
    // Its line on Home says which record it was.
    const line = page.locator('main .timeline li', { hasText: 'Dr. Lena Brandt added a record' });
    await line
      .first()
      .getByText(/^Medicines, 1 record: Montelukast 10 mg/)
      .waitFor();
    assert.deepEqual(complaints, []);
    await visit.close();
  });

  it('says all in easy words once they are chosen, also after the lock, and explains what signing means before the words that are signed', async () => {
    const visit = await stage.visit({ viewport: { width: 390, height: 844 } });
    const { page, complaints } = visit;
    const say = sayEasily('en');
    await enterAs(page, stage.url, 'hospital', 'Ana Ferreira');
    await page.locator('select.language').selectOption('en-simple');
    await page.getByText(say('home.lead')).waitFor();
    await untilSettled(page);
    await requireGood(page, 'Home in easy words');
    await page.locator('nav a[href="#/rights"]').click();
    await page.getByText(say('share.rights-lead')).waitFor();
    // Others may only add; what was seen is said of those alone who may read.
    await page.getByRole('button', { name: 'Stop sharing with Dr. Lena Brandt' }).click();
    const sheet = page.getByRole('dialog');
    await sheet.getByText(/^Here you stop or delete something/).waitFor();
    await sheet.getByText(say('share.stop-not')).waitFor();
    await requireGood(page, 'a sheet in easy words');
    await sheet.getByRole('button', { name: say('common.cancel') }).click();
    await page.getByRole('button', { name: say('common.lock') }).click();
    await page.getByText(say('enter.lead')).waitFor();
    await page.reload();
    await page.getByRole('button', { name: 'Ana Ferreira' }).click();
    await page.getByText(say('home.lead')).waitFor();
    assert.deepEqual(complaints, []);
    await visit.close();
  });
});
