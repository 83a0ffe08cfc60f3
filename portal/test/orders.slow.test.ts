import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { Locator, Page } from 'playwright-core';
import { browserMissing } from '../../src/client/test/openBrowser.ts';
import add from '../src/words/en/add.json' with { type: 'json' };
import chart from '../src/words/en/chart.json' with { type: 'json' };
import common from '../src/words/en/common.json' with { type: 'json' };
import orders from '../src/words/en/orders.json' with { type: 'json' };
import patients from '../src/words/en/patients.json' with { type: 'json' };
import share from '../src/words/en/share.json' with { type: 'json' };
import type { Visit } from './openVisit.ts';
import { requireGood } from './requireGood.ts';
import { setStage } from './setStage.ts';
import { enterAs, openChart, openScreen, untilSettled } from './walkthrough.ts';

/** A folder for pictures of the screens; absent if nobody wants them. */
const SHOTS = process.env['SHOTS'];
/** Times that a list is looked at again. */
const MOST_ROUNDS = 60;
const [PATIENT, DOCTOR, LAB] = ['Ana Ferreira', 'Dr. Lena Brandt', 'Ines Duarte'];

/** Requires that a screen is good on a wide and on a narrow screen, and takes pictures of both. */
async function goodAt(page: Page, name: string): Promise<void> {
  const before = page.viewportSize();
  for (const width of [1280, 390]) {
    await page.setViewportSize({ width, height: 900 });
    await requireGood(page, `${name} at ${width} px`);
    if (SHOTS !== undefined) {
      await page.screenshot({ path: join(SHOTS, `${name}-${width}.png`), fullPage: true });
    }
  }
  if (before !== null) await page.setViewportSize(before);
}

async function press(page: Page, name: string): Promise<void> {
  await page.locator('main').getByRole('button', { name, exact: true }).click();
}

/** Opens what there is to do, and reads it until something is in it. */
async function todo(page: Page, shown: string): Promise<Locator> {
  await openScreen(page, orders.menu);
  const line = page.locator('main .cards > li', { hasText: shown });
  // Another organisation’s node copies a log in its own time.
  for (let round = 0; round < MOST_ROUNDS; round++) {
    await untilSettled(page);
    if ((await line.count()) > 0) return line.first();
    await press(page, common.refresh);
  }
  return assert.fail(await page.locator('main').innerText());
}

/** Has the node of a page alter a file, so that nobody can open it there. */
async function alter(page: Page, path: string): Promise<void> {
  await page.route(`**${path}`, async (route) => {
    const response = await route.fetch();
    const body = Buffer.from(await response.body());
    await route.fulfill({ response, body: body.fill(0, body.length - 1) });
  });
}

/** Fills in an order to the laboratory on the chart that is open. */
async function order(page: Page, service: string): Promise<void> {
  await page.locator('.tabs').getByRole('link', { name: chart['tab-add'], exact: true }).click();
  await untilSettled(page);
  await press(page, add['what-order']);
  await page.locator('main form').waitFor();
  await page.getByLabel('Examination or service').fill(service);
  await page.getByLabel('Laboratory').selectOption({ label: LAB });
}

describe(
  'an order, clicked through by doctor, laboratory and patient',
  { skip: browserMissing },
  () => {
    const stage = setStage();
    const visits: Visit[] = [];
    const pages: Page[] = [];
    /** Paths of the files that the doctor's page asked for. */
    const files = new Set<string>();
    let orderFiles: ReadonlySet<string> = new Set();

    before(async () => {
      for (const width of [1280, 1280, 390]) {
        const visit = await stage.visit({ viewport: { width, height: 900 } });
        visits.push(visit);
        if (visits.length === 1) {
          visit.page.on('request', (request) => {
            const { pathname } = new URL(request.url());
            if (pathname.includes('/v1/files/')) files.add(pathname);
          });
        }
        pages.push(visit.page);
      }
    });
    after(async () => {
      for (const visit of visits) await visit.close();
    });

    it('is told to a laboratory, which without access sees only that there is one, and tells the doctor', async () => {
      const [doctor, lab] = pages as [Page, Page];
      await openChart(doctor, stage.url, PATIENT);
      await order(doctor, 'Potassium');
      const signed = doctor.locator('.signed');
      await signed.getByText(`${LAB} is told of this order.`).waitFor();
      await signed.getByText('Confirmed by the organisations: Laboratory, laboratory.').waitFor();
      assert.doesNotMatch(await signed.innerText(), /0x/, 'nobody reads an address');
      await goodAt(doctor, 'order');
      await press(doctor, chart.add);
      await doctor.getByText('“Potassium” is on the chart.').waitFor();
      await doctor.getByText(`${LAB} was told of the order.`).waitFor();

      await enterAs(lab, stage.url, 'laboratory', LAB);
      const line = await todo(lab, DOCTOR);
      assert.match(await line.innerText(), /You have no access to this order\./);
      assert.doesNotMatch(await line.innerText(), /Potassium/);
      await goodAt(lab, 'without-access');
      await press(lab, `Tell ${DOCTOR} that you have no access`);
      await lab.getByText(`${DOCTOR} knows that you have no access.`).waitFor();

      const waiting = await todo(doctor, 'Potassium');
      assert.match(await waiting.innerText(), /waits for its report/);
      await waiting.getByText(`${LAB} has no access to this order.`).waitFor();
      await goodAt(doctor, 'laboratory-cannot');
      orderFiles = new Set(files);
    });

    it('is answered once the patient shares, with a draft that another screen does not lose, and the critical result stands first', async () => {
      const [doctor, lab, patient] = pages as [Page, Page, Page];
      await enterAs(patient, stage.url, 'hospital', PATIENT);
      await openScreen(patient, share.menu);
      await patient.locator('main').getByRole('link', { name: share.new }).first().click();
      await press(patient, LAB);
      await press(patient, share.none);
      for (const name of ['Procedures', 'Laboratory results', 'Reports and documents']) {
        await patient.getByRole('checkbox', { name, exact: true }).check();
      }
      await patient.getByRole('checkbox', { name: share['may-add'], exact: true }).check();
      await press(patient, common.next);
      await press(patient, share.sign);
      await patient.getByText(`You share with ${LAB}`).waitFor();

      const line = await todo(lab, 'Potassium');
      assert.match(await line.innerText(), new RegExp(`Ordered by ${DOCTOR}`));
      await goodAt(lab, 'to-answer');
      await line.getByRole('link').click();
      await untilSettled(lab);
      await lab.locator('.patient-banner .name', { hasText: PATIENT }).waitFor();
      assert.equal(await lab.getByLabel('Test').inputValue(), 'Potassium');
      const act = `Sign the report for ${PATIENT}`;
      await lab.getByLabel('Unit').fill('mmol/L');
      await lab.getByLabel('From').fill('3.5');
      await lab.getByLabel('To', { exact: true }).fill('5.1');
      await press(lab, act);
      assert.equal(await lab.locator('.field .error').first().innerText(), 'Fill this in.');
      await openScreen(lab, 'Patients');
      await (await todo(lab, 'Potassium')).getByRole('link').click();
      await untilSettled(lab);
      assert.equal(await lab.getByLabel('Unit').inputValue(), 'mmol/L', 'the draft is kept');
      await lab.getByLabel('Value').fill('7.10');
      await lab.getByLabel('Compared with the reference range').selectOption('HH');
      await lab.getByLabel('Conclusion').fill('Called the ward.');
      const signed = lab.locator('.signed');
      await signed.getByText('critically high').waitFor();
      assert.match(
        await signed.innerText(),
        /Taken: \d[^]*7\.10 mmol\/L[^]*3\.5 mmol\/L to 5\.1 mmol\/L[^]*Called the ward/,
      );
      await goodAt(lab, 'answer');
      await press(lab, act);
      await lab.getByText(orders.answered).waitFor();
      await lab.getByText(orders['answered-by-you']).waitFor();
      assert.equal(await lab.getByRole('button', { name: act }).count(), 0);

      // The letter that told of it brings the patient to the top of the day.
      await openScreen(doctor, patients.menu);
      const first = doctor.locator('main section', { hasText: patients.today }).locator('.card');
      await first.first().getByText(patients['day-critical']).waitFor();
      assert.match(await first.first().innerText(), new RegExp(`^${PATIENT}`));
      await goodAt(doctor, 'the day');
      const result = await todo(doctor, orders.critical);
      assert.match(await result.innerText(), /Potassium[^]*critical result/);
      await goodAt(doctor, 'to-sign-off');
    });

    it('names in its sheet a result that a node does not give, and does not take a sign-off without a report', async () => {
      const [doctor] = pages as [Page];
      const answers = [...files].filter((path) => !orderFiles.has(path));
      assert.equal(answers.length, 2, 'a report and its result');
      let sheets = 0;
      for (const path of answers) {
        await alter(doctor, path);
        await (await todo(doctor, 'Potassium')).getByRole('link').click();
        await untilSettled(doctor);
        await doctor.getByText('1 record that may be a report or a result').waitFor();
        const sheet = doctor.locator('.signed', { hasText: 'You did not read this record' });
        if ((await sheet.count()) > 0) {
          sheets += 1;
          await doctor.getByText(orders['critical-told']).first().waitFor();
          assert.match(
            await sheet.innerText(),
            /1 result that you cannot open[^]*Called the ward[^]*Laboratory results, of Ines Duarte/,
          );
          await goodAt(doctor, 'sign-off-unread');
        }
        await doctor.unroute(`**${path}`);
      }
      assert.equal(sheets, 1);
    });

    it('is over for the doctor once the results are signed off, and stays on the chart with its evidence', async () => {
      const [doctor, , patient] = pages as [Page, Page, Page];
      await (await todo(doctor, 'Potassium')).getByRole('link').click();
      await untilSettled(doctor);
      await doctor.locator('.patient-banner .name', { hasText: PATIENT }).waitFor();
      const report = doctor.locator('article', { hasText: 'Report of' });
      assert.match(await report.innerText(), /7\.10 mmol\/L[^]*Called the ward/);
      const sheet = doctor.locator('.signed');
      await sheet.getByText('Confirmed by the organisations: Laboratory, laboratory.').waitFor();
      assert.match(
        await sheet.innerText(),
        /Report of [^]*critical result[^]*final[^]*Taken: [^]*7\.10 mmol\/L[^]*Called the ward/,
        'all that is signed off stands above the button',
      );
      await goodAt(doctor, 'sign-off');
      await press(doctor, `Sign off for ${PATIENT}`);
      await doctor.getByText(orders['signed-off-now']).waitFor();
      await report.getByText(orders['signed-off']).waitFor();
      await goodAt(doctor, 'signed-off');
      await openScreen(doctor, orders.menu);
      await doctor.getByText(orders.none).waitFor();
      await openChart(doctor, stage.url, PATIENT);
      await order(doctor, 'Ferritin');
      await doctor.locator('.signed').getByText(`${LAB} is told of this order.`).waitFor();
      await press(doctor, chart.add);
      await doctor.getByText('“Ferritin” is on the chart.').waitFor();
      await (await todo(doctor, 'Ferritin')).getByRole('link').click();
      await untilSettled(doctor);
      await press(doctor, orders.withdraw);
      await doctor.locator('.signed').getByText(orders['withdraw-says']).waitFor();
      assert.match(await doctor.locator('.signed').innerText(), /Ferritin/);
      await goodAt(doctor, 'withdraw');
      await press(doctor, `Withdraw the order for ${PATIENT}`);
      await doctor.getByText(orders['withdrawn-now']).waitFor();
      await doctor.getByText(orders.withdrawn).waitFor();
      assert.equal(await doctor.getByRole('button', { name: orders.withdraw }).count(), 0);
      await openScreen(patient, 'Records');
      await patient.getByText('Results signed off').first().waitFor();
      for (const { complaints } of visits) assert.deepEqual(complaints, []);
    });
  },
);
