import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Condition, DocumentReference } from '@medplum/fhirtypes';
import type { Locator, Page } from 'playwright-core';
import {
  addRecord,
  grantRight,
  handOver,
  restorePatient,
  rightFor,
} from '../../src/client/index.ts';
import { browserMissing } from '../../src/client/test/openBrowser.ts';
import { bytesToHex } from '../../src/crypto/bytes.ts';
import { encodePart } from '../../src/fhir/encodePart.ts';
import { makeDocumentReference } from '../../src/fhir/makeDocumentReference.ts';
import type { PartContent } from '../../src/fhir/Part.ts';
import type { RecordId } from '../../src/protocol/ids.ts';
import { axeFaults } from './axeFaults.ts';
import { openDemoVisitor } from './demoVisitor.ts';
import { setStage } from './setStage.ts';
import { reachSight } from './sights.ts';
import { enterAs, openChart, openScreen, untilCounted, untilSettled } from './walkthrough.ts';

/** A file that a person chooses. */
interface FilePayload {
  readonly name: string;
  readonly mimeType: string;
  readonly buffer: Buffer;
}

function conditionFile(...texts: readonly string[]): FilePayload {
  const entry = texts.map((text) => ({
    resource: { resourceType: 'Condition', code: { text }, subject: { display: 'He' } },
  }));
  const bundle = { resourceType: 'Bundle', type: 'collection', entry };
  const buffer = Buffer.from(JSON.stringify(bundle));
  return { name: 'condition.json', mimeType: 'application/json', buffer };
}

const TABS = ['At a glance', 'Results', 'Documents', 'Timeline', 'All records', 'Add'];

async function openTab(page: Page, name: string): Promise<void> {
  await page.locator('.tabs').getByRole('link', { name, exact: true }).click();
  await untilSettled(page);
}

describe('the chart that a clinician works with', { skip: browserMissing }, () => {
  const stage = setStage();

  for (const [width, colorScheme] of [
    [1280, 'light'],
    [390, 'dark'],
  ] as const) {
    it(`has no fault of accessibility, no complaint and nothing beside the screen at ${width} px, ${colorScheme}`, async () => {
      const visit = await stage.visit({ viewport: { width, height: 900 }, colorScheme });
      const { page } = visit;
      await openChart(page, stage.url, 'Teodor');
      for (const tab of TABS) {
        await openTab(page, tab);
        for (const fold of await page.locator('main summary').all()) await fold.click();
        assert.deepEqual(await axeFaults(page), [], tab);
        const beside = await page.evaluate(
          () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
        );
        assert.equal(beside, 0, tab);
      }
      assert.deepEqual(visit.complaints, []);
      await visit.close();
    });
  }

  it('keeps the person, the purpose and the end of the right in view, however far one scrolls', async () => {
    const visit = await stage.visit({ viewport: { width: 390, height: 700 } });
    const { page } = visit;
    await openChart(page, stage.url, 'Teodor');
    await openTab(page, 'Results');
    await page.evaluate(() => window.scrollTo(0, document.body.scrollHeight));
    const head = await page.locator('.patient-banner').boundingBox();
    // The bar with the name of the place stands above it.
    assert.ok(head !== null && head.y >= 0 && head.y < 70, JSON.stringify(head));
    const text = await page.locator('.patient-banner').innerText();
    assert.match(text, /Teodor Lindqvist\s+Treatment\s+until /);
    await visit.close();
  });

  it('draws each trend with a name that tells it, and has every value of it in a table', async () => {
    const visit = await stage.visit();
    const { page } = visit;
    await openChart(page, stage.url, 'Teodor');
    await openTab(page, 'Results');
    const trends = page.locator('.trend', { has: page.locator('svg') });
    assert.ok((await trends.count()) > 3);
    for (const trend of await trends.all()) {
      const label = await trend.locator('svg').getAttribute('aria-label');
      const count = Number(/(\d+) values from/.exec(label ?? '')?.[1]);
      await trend.locator('summary').click();
      assert.equal(await trend.locator('tbody tr').count(), count);
    }
    await visit.close();
  });

  it('tells values in the course of time: both of a blood pressure, and how many of a report are out of their range', async () => {
    const visit = await stage.visit();
    const { page } = visit;
    await openChart(page, stage.url, 'Ana');
    await openTab(page, 'Timeline');
    const lines = page.locator('main .items > li');
    await lines.filter({ hasText: /Blood pressure\s*132 \/ 82 mmHg/ }).waitFor();
    const report = lines.filter({ hasText: 'Laboratory report' }).first();
    assert.match(await report.innerText(), /8 values: .*6\.7 %.*\s2 values out of range/);
    await lines
      .filter({ hasText: 'Conclusion: Sugar and blood pressure have improved.' })
      .waitFor();
    await visit.close();
  });

  it('finds what is written anywhere, and prints everything on one document', async () => {
    const visit = await stage.visit();
    const { page } = visit;
    await openChart(page, stage.url, 'Teodor');
    await openTab(page, 'All records');
    await page.getByRole('searchbox').fill('PEANUT high');
    await page.getByText('1 entry was found.').waitFor();
    assert.match(await page.locator('.item').innerText(), /Allergy to peanut/);
    // The timeline filters by kind, and each year has its own heading.
    await openTab(page, 'Timeline');
    const lines = page.locator('main .items > li');
    const whole = await lines.count();
    await page.getByRole('button', { name: /^Problems and allergies/ }).click();
    const few = await lines.count();
    assert.ok(few > 0 && few < whole, `${few} of ${whole} lines`);
    await page
      .getByRole('heading', { name: /^(?:19|20)\d\d$/ })
      .first()
      .waitFor();
    await page.evaluate(() => window.dispatchEvent(new Event('beforeprint')));
    await page.emulateMedia({ media: 'print' });
    const printed = await page.locator('main').innerText();
    for (const part of ['Allergies', 'Former problems', 'Laboratory values', 'Documents']) {
      assert.ok(printed.includes(part), part);
    }
    assert.equal(await page.locator('.tabs').isVisible(), false);
    await page.evaluate(() => window.dispatchEvent(new Event('afterprint')));
    await visit.close();
  });

  it('says in print whose own chart it is, and when that person was born', async () => {
    const visit = await stage.visit();
    const { page } = visit;
    await enterAs(page, stage.url, 'hospital', 'Ana Ferreira');
    await reachSight(page, { name: 'own chart', path: '/chart/glance' });
    const banner = page.locator('main > .patient-banner');
    assert.equal(await banner.isVisible(), false);
    await page.evaluate(() => window.dispatchEvent(new Event('beforeprint')));
    await page.emulateMedia({ media: 'print' });
    await banner.getByText(/Born: 3 Feb 1961/).waitFor();
    assert.match(await banner.innerText(), /^Ana Ferreira[^]*Allergies: Allergy to penicillin/);
    await visit.close();
  });

  it('opens a document when somebody asks, and takes a note, which can be corrected', async () => {
    const visit = await stage.visit();
    const { page } = visit;
    await openChart(page, stage.url, 'Teodor');
    await openTab(page, 'Documents');
    await page.getByRole('button', { name: 'Open Report of the lung function test' }).click();
    await page
      .getByRole('img', { name: /^Picture of page 1 of 1 of “Report of the lung function test/ })
      .waitFor();
    await page.locator('.paper[aria-busy="false"]').waitFor();
    const saving = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Save the file' }).click();
    assert.match((await saving).suggestedFilename(), /^Report of the lung function test.*\.pdf$/);

    await openTab(page, 'Add');
    const hostile = '<img src=x onerror=alert(1)> \u202egnp';
    await page.getByLabel('Note').fill(`Coughs less. ${hostile}`);
    await page.getByLabel('What is it?').fill('Visit at home');
    await page.getByRole('button', { name: 'Seal and add to the chart' }).click();
    await page.getByText('“Visit at home” is on the chart.').waitFor();
    await openTab(page, 'Documents');
    const visited = page.getByRole('button', { name: 'Open Visit at home' });
    await visited.waitFor();
    await untilCounted(page);
    await visited.click();
    const note = page.locator('main pre');
    await note.waitFor();
    assert.equal(await note.innerText(), 'Coughs less. <img src=x onerror=alert(1)> \\u{202e}gnp');
    await page.getByRole('button', { name: 'Correct this note' }).click();
    await page.getByLabel('Corrected note').fill('Coughs more.');
    await page.getByRole('button', { name: 'Seal and save the correction' }).click();
    await page.getByText('The note was corrected.').waitFor();
    assert.equal(await note.innerText(), 'Coughs more.');
    assert.deepEqual(visit.complaints, []);
    await visit.close();
  });

  it('takes a FHIR bundle, of another name only if the doctor has compared, and obeys nothing in it', async () => {
    const visit = await stage.visit({ viewport: { width: 390, height: 800 } });
    const { page } = visit;
    await openChart(page, stage.url, 'Teodor');
    await openTab(page, 'Add');
    const hostile = '<img src=x onerror="document.title=1"> \u202egnp';
    const resources = [
      {
        resourceType: 'Patient',
        name: [{ family: 'Somebody', given: ['Else'] }],
        birthDate: '1950-01-01',
      },
      {
        resourceType: 'Condition',
        code: { text: `Odd ${hostile}` },
        subject: { display: hostile },
      },
    ];
    const bundle = {
      resourceType: 'Bundle',
      type: 'collection',
      entry: resources.map((resource, at) => ({
        fullUrl: `urn:uuid:00000000-0000-4000-8000-00000000000${at}`,
        resource,
      })),
    };
    const give = async (name: string, text: string): Promise<void> =>
      await page
        .getByLabel('Or a file')
        .setInputFiles({ name, mimeType: 'application/json', buffer: Buffer.from(text) });
    const seal = page.getByRole('button', { name: 'Seal and add to the chart' });
    await give('broken.json', '{"resourceType": "Condition", "code": {"text": "Broken"},}');
    await seal.click();
    await page.getByText('is not valid. Nothing was added').waitFor();
    const single = {
      resourceType: 'Condition',
      code: { text: 'One alone' },
      subject: { display: 'He' },
    };
    await give('single.json', JSON.stringify(single));
    await seal.click();
    await page.getByText('“single.json” is on the chart.').waitFor();
    await untilSettled(page);
    await page.getByLabel('Or a file').setInputFiles({
      name: 'visit.json',
      mimeType: 'application/json',
      buffer: Buffer.from(JSON.stringify(bundle)),
    });
    const add = page.getByRole('button', { name: 'Seal and add to the chart' });
    await add.click();
    await page.getByLabel('I have compared: the file is about this patient.').check();
    await add.click();
    await page.getByText('“visit.json” is on the chart.').waitFor();
    await untilSettled(page);
    await page.getByText('A record names another person: Else Somebody').waitFor();
    const head = page.locator('.patient-banner .name');
    assert.equal(await head.innerText(), 'Teodor Lindqvist');
    await openTab(page, 'At a glance');
    const shown = 'Odd <img src=x onerror="document.title=1"> \\u{202e}gnp';
    await page.getByText(shown).first().click();
    assert.equal(await page.locator('main img').count(), 0);
    assert.notEqual(await page.title(), '1');
    assert.deepEqual(visit.complaints, []);
    await visit.close();
  });

  it('corrects health data by a file that fits, or marks it as entered in error with a reason', async () => {
    const visit = await stage.visit();
    const { page } = visit;
    await openChart(page, stage.url, 'Teodor');
    await openTab(page, 'Add');
    await page.getByLabel('Or a file').setInputFiles(conditionFile('Left ankle sprained'));
    await page.getByRole('button', { name: 'Seal and add to the chart' }).click();
    await page.getByText('“condition.json” is on the chart.').waitFor();
    await untilSettled(page);
    await openTab(page, 'All records');
    const row = page.locator('.entry', { hasText: /(?:Left|Right) ankle sprained/ });
    await row.waitFor();
    await untilCounted(page);
    await row.locator('> details > summary').click();
    await row.getByText('Correct this record').click();
    const save = row.getByRole('button', { name: 'Seal and save the correction' });
    await save.click();
    await row.getByText('Choose at least one entry, and type a reason.').waitFor();
    assert.deepEqual(await axeFaults(page), []);

    await row.getByLabel('Replace it by a corrected file').check();
    const given = row.getByLabel('Corrected file (FHIR in JSON)');
    await given.setInputFiles({
      name: 'note.txt',
      mimeType: 'text/plain',
      buffer: Buffer.from('x'),
    });
    await save.click();
    await row.getByText('is not valid. Nothing was added').waitFor();
    await given.setInputFiles(conditionFile('Right ankle sprained', 'Another one'));
    await save.click();
    await row.getByText('must hold exactly the entries of this record').waitFor();
    await given.setInputFiles(conditionFile('Left ankle sprained'));
    await save.click();
    await row.getByText('The file says the same as the record').waitFor();
    await given.setInputFiles(conditionFile('Right ankle sprained'));
    await save.click();
    await page.getByText('The record was corrected.').waitFor();
    await row.getByText('Right ankle sprained').first().waitFor();
    await untilCounted(page);
    assert.equal(await page.getByText('Left ankle sprained').count(), 0);

    await row.getByText('Correct this record').click();
    await row.getByLabel('Reason').fill('Another patient’s ankle <img src=x>');
    await save.click();
    await page.getByText('Another patient’s ankle <img src=x>').first().waitFor();
    await untilCounted(page);
    await openTab(page, 'At a glance');
    const problems = page.locator('.glance > section', {
      has: page.getByRole('heading', { name: /^Problems/ }),
    });
    await problems.waitFor();
    assert.equal(await problems.getByText('Right ankle sprained').count(), 0);
    await page.locator('main details', { hasText: 'Everything else' }).first().click();
    await page.getByText('Right ankle sprained').first().waitFor();
    assert.deepEqual(visit.complaints, []);
    await visit.close();
  });

  it('lists and opens every record, whatever another record says of it', async () => {
    const { party } = await openDemoVisitor(stage.url, 'doctor');
    const patient = await openDemoVisitor(stage.url, 'patient-2');
    const { handle = '0x' } = patient;
    const { grant } =
      (await rightFor(party, { handle, action: 'add', category: 'reports' })) ?? assert.fail();
    const add = async (resource: Condition | DocumentReference): Promise<RecordId> => {
      const version = { handle, grant, purpose: 'TREAT', category: 'reports' } as const;
      const content = encodePart(partOfOne(resource));
      return (await addRecord(party, { ...version, content })).record;
    };
    const earlier = await add(finding('Finding that is named later'));
    await add(finding('Something between'));
    await add(naming(earlier, 'Names an earlier record'));
    const before = await add(finding('Finding that is named at once'));
    await add(naming(before, 'Names the record before it'));

    const visit = await stage.visit();
    const { page } = visit;
    await openChart(page, stage.url, 'Teodor');
    await openTab(page, 'All records');
    const rows = page.locator('.entry');
    const row = (text: string): Locator => rows.filter({ hasText: text }).first();
    await row('Finding that is named later').waitFor();
    await row('Names an earlier record').waitFor();
    const hidden = row('File of “Names the record before it”');
    await hidden.locator('summary').click();
    await hidden.getByRole('button', { name: /^Open/ }).click();
    await row('Finding that is named at once').waitFor();
    await openTab(page, 'At a glance');
    await page.getByText('Finding that is named at once').waitFor();
    assert.deepEqual(visit.complaints, []);
    await visit.close();
  });

  it('says that another right shows more, and opens the chart by it as a view of its own', async () => {
    const { party: doctor } = await openDemoVisitor(stage.url, 'doctor');
    const { party: patient } = await openDemoVisitor(stage.url, 'patient-2');
    await restorePatient(patient);
    const until = Math.floor(Date.now() / 1000) + 3600;
    const given = await grantRight(patient, {
      grantee: doctor.address,
      categories: ['sensitive'],
      actions: ['read'],
      purpose: 'HRESCH',
      until,
    });
    await handOver(patient, given);
    const visit = await stage.visit({ viewport: { width: 390, height: 844 } });
    const { page } = visit;
    await openChart(page, stage.url, 'Teodor');
    const head = page.locator('.patient-banner');
    await head.getByText('Treatment').waitFor();
    await page.getByText('Another right shows more of this chart').click();
    await page.getByText(/^You may read: Sensitive\. For: Research\./).waitFor();
    assert.deepEqual(await axeFaults(page), []);
    await page.getByRole('button', { name: 'Open by this right' }).click();
    await head.getByText('Research').waitFor();
    await untilSettled(page);
    await page.getByText('Another right shows more of this chart').waitFor();
    assert.deepEqual(visit.complaints, []);
    await visit.close();
  });

  it('says to a laboratory that it may add and not read, asks for no view that would be refused, and takes what it adds', async () => {
    const visit = await stage.visit({ viewport: { width: 390, height: 844 } });
    const { page } = visit;
    await enterAs(page, stage.url, 'laboratory', 'Ines Duarte');
    const asked: string[] = [];
    page.on('request', (request) => {
      if (/"View(?:Set)?"/.test(request.postData() ?? '')) asked.push(request.url());
    });
    await openScreen(page, 'Patients');
    await page.locator('a.card').first().click();
    await page.getByText('It does not let you read what is there.').waitFor();
    await page.getByText(/^You may add to: /).waitFor();
    assert.deepEqual(await axeFaults(page), []);
    await page.getByLabel('Note', { exact: true }).fill('Haemolytic sample, please repeat.');
    await page.getByLabel('What is it?').fill('Sample');
    await page.getByRole('button', { name: 'Seal and add to the chart' }).click();
    await page.getByText('“Sample” is on the chart.').waitFor();
    assert.deepEqual(asked, []);
    assert.deepEqual(visit.complaints, []);
    await visit.close();
  });
});

function finding(text: string): Condition {
  return { resourceType: 'Condition', subject: {}, code: { text } };
}

function naming(record: RecordId, title: string): DocumentReference {
  return makeDocumentReference({ record, contentType: 'text/plain', title, at: 0 });
}

function partOfOne(resource: Condition | DocumentReference): PartContent {
  return {
    format: 'medseal-part/1',
    set: bytesToHex(crypto.getRandomValues(new Uint8Array(16))),
    part: 0,
    category: 'reports',
    whole: { bundle: { resourceType: 'Bundle', type: 'collection' }, by: 'category', order: [0] },
    entries: [{ resource }],
  };
}
