import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, describe, it } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { eraseKeys } from '../../src/client/epochs/eraseKeys.ts';
import { checkInbox, knownRights, readChart, readRecord } from '../../src/client/index.ts';
import { browserMissing, openBrowser } from '../../src/client/test/openBrowser.ts';
import { utf8ToBytes } from '../../src/crypto/bytes.ts';
import records from '../src/words/en/records.json' with { type: 'json' };
import { openVisit, type Visit } from './openVisit.ts';
import { requireGood } from './requireGood.ts';
import { startGuarded, type GuardedPortal } from './startGuarded.ts';
import { enterAs, openScreen, untilSettled } from './walkthrough.ts';

const PATIENT = 'Ana Ferreira';

describe('certificates of erasure under My key', { skip: browserMissing }, () => {
  let browser: Browser;
  let network: GuardedPortal;
  let visit: Visit;

  before(async () => {
    network = await startGuarded();
    browser = await openBrowser();
    visit = await openVisit(browser, { viewport: { width: 390, height: 844 } });
    await visit.page.clock.install({ time: network.clock.now() });
  });
  after(async () => {
    await browser?.close();
    await network?.close();
  });

  /** Opens the page as on another day, and asks every organisation; returns the rows by organisation. */
  async function ask(page: Page): Promise<ReadonlyMap<string, readonly string[]>> {
    await page.reload();
    await enterAs(page, network.url, 'hospital', PATIENT);
    await openScreen(page, 'My key');
    await page.getByRole('button', { name: records['certificate-ask'] }).click();
    await page.getByText(/^(Outside of it|You have erased nothing)/).waitFor();
    await untilSettled(page);
    const rows = await page.locator('main table tbody tr').all();
    const cells = await Promise.all(
      rows.map(async (row) => await row.locator('th, td').allInnerTexts()),
    );
    return new Map(cells.map(([organisation = '', ...others]) => [organisation.trim(), others]));
  }

  it('say so while nothing is erased, and then who destroyed it and who still has backups, to be saved and verified', async () => {
    const { page } = visit;
    await page.goto(`${network.url}/hospital/portal/`);
    assert.equal((await ask(page)).size, 0);
    await page.getByText(records['certificate-none']).waitFor();

    const [record] = await network.add([utf8ToBytes('a report')]);
    const { doctor } = network;
    await checkInbox(doctor);
    const [right] = await knownRights(doctor);
    assert.ok(right !== undefined);
    const { grant } = right;
    const chart = await readChart(doctor, { handle: grant.handle, grant, purpose: 'TREAT' });
    const version = chart.records.find((each) => each.record === record);
    assert.ok(version !== undefined);
    await readRecord(doctor, chart, version);
    await eraseKeys(network.patient, 'reports');

    const rows = await ask(page);
    assert.deepEqual([...rows.keys()].toSorted(), ['hospital', 'insurer', 'laboratory']);
    for (const [destroyed, backup] of rows.values()) {
      assert.match(destroyed ?? '', /\d{4}/);
      assert.equal(backup, records['certificate-not-yet']);
    }
    await requireGood(page, 'certificates');
    const saving = page.waitForEvent('download');
    await page.getByRole('button', { name: records['certificate-save'] }).click();
    const download = await saving;
    assert.equal(download.suggestedFilename(), 'erased-reports.json');
    const file = await readFile(await download.path(), 'utf8');
    await openScreen(page, 'Check a proof');
    const given = { name: 'erased.json', mimeType: 'application/json', buffer: Buffer.from(file) };
    await page.locator('input[type=file]').first().setInputFiles(given);
    await page.locator('main .notice.good').first().waitFor();
    const altered = Buffer.from(file.replace(/"backup":0/, '"backup":1'));
    await page
      .locator('input[type=file]')
      .first()
      .setInputFiles({ ...given, buffer: altered });
    await page.locator('main .notice.bad').first().waitFor();
  });

  // @attack an organisation moves the date at which it destroyed what a patient erased | the portal keeps the first one on the device, and says so
  it('keep the first date of an organisation on the device, and say that it states another one now', async () => {
    const { page } = visit;
    const before = await ask(page);
    network.states('laboratory', 1);
    const rows = await ask(page);
    assert.deepEqual(rows.get('laboratory'), before.get('laboratory'));
    await page.getByText(/^laboratory now states .* The first date stays\./).waitFor();
    await requireGood(page, 'a date that moved');
    network.states('laboratory', 0);
    await ask(page);
    assert.equal(await page.getByText(/now states/).count(), 0);
  });

  // @attack an organisation states that it destroyed a record before it let somebody read that | its statement does not count, now and later, and the portal says why
  it('count no word of an organisation that gave the records after its own date, neither later', async () => {
    const { page } = visit;
    // A device that keeps no date yet.
    await page.evaluate(async () => {
      for (const { name } of await indexedDB.databases())
        if (name !== undefined) indexedDB.deleteDatabase(name);
    });
    network.states('hospital', -60);
    const broken = [records['certificate-broken'], ''];
    assert.deepEqual((await ask(page)).get('hospital'), broken);
    await requireGood(page, 'a broken word');
    network.states('hospital', 0);
    const rows = await ask(page);
    assert.deepEqual(rows.get('hospital'), broken);
    assert.match(rows.get('laboratory')?.[0] ?? '', /\d{4}/);
  });
});
