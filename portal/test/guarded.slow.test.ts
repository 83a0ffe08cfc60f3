import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Browser } from 'playwright-core';
import { eraseKeys } from '../../src/client/epochs/eraseKeys.ts';
import { readAudit } from '../../src/client/index.ts';
import { browserMissing, openBrowser } from '../../src/client/test/openBrowser.ts';
import { utf8ToBytes } from '../../src/crypto/bytes.ts';
import chart from '../src/words/en/chart.json' with { type: 'json' };
import errors from '../src/words/en/errors.json' with { type: 'json' };
import { openedRecords } from './openedRecords.ts';
import { openVisit, type Visit } from './openVisit.ts';
import { requireGood } from './requireGood.ts';
import { refuseWebAssembly } from './refuseWebAssembly.ts';
import { startGuarded, type GuardedPortal } from './startGuarded.ts';
import { enterAs, openChart, openScreen, RECORDS, untilSettled } from './walkthrough.ts';

const PATIENT = 'Ana Ferreira';
/** A folder for pictures of the screens; absent if nobody wants them. */
const SHOTS = process.env['SHOTS'];

/** Views of records that the patient's audit has. */
async function viewsOfRecords({ patient }: GuardedPortal): Promise<number> {
  const { logs } = await readAudit(patient);
  const events = logs.flatMap((log) => log.events);
  return openedRecords(patient, events).length;
}

describe('guarded records in the portal', { skip: browserMissing }, () => {
  let browser: Browser;
  let network: GuardedPortal;
  let visit: Visit;
  let asked: string[];

  before(async () => {
    network = await startGuarded();
    browser = await openBrowser();
    visit = await openVisit(browser, { viewport: { width: 390, height: 844 } });
    await visit.page.clock.install({ time: network.clock.now() });
    asked = [];
    visit.page.on('request', (request) => asked.push(request.url()));
    await network.add([utf8ToBytes('a first note'), utf8ToBytes('a second note')]);
  });
  after(async () => {
    await browser?.close();
    await network?.close();
  });

  it('open in the page, and load nothing for it', async () => {
    const { page } = visit;
    await page.goto(`${network.url}/hospital/portal/`);
    await page.evaluate(async () => void (await navigator.serviceWorker.ready));
    await openChart(page, network.url, PATIENT);
    await page.getByText('Opened 2 of 2').waitFor({ state: 'detached' });
    assert.deepEqual(
      asked.filter((url) => url.endsWith('.wasm')),
      [],
    );
    // A view that is not yet on a checkpoint has no proof: the page asks again.
    assert.deepEqual(
      visit.complaints.filter((each) => !each.includes('425 (Too Early)')),
      [],
    );
  });

  it('say which organisations released them, while another is away', async () => {
    const { page } = visit;
    network.away('insurer');
    await openScreen(page, 'Patients');
    await network.add([utf8ToBytes('a third note')]);
    await page.reload();
    await openChart(page, network.url, PATIENT);
    await page.getByText('Released by hospital, laboratory').waitFor();
    assert.equal(await page.locator('.notice.bad').count(), 0);
    await requireGood(page, 'a chart that was released');
  });

  it('stay closed while two organisations are away, though the view is in the audit, and open by a button once one is back', async () => {
    const { page } = visit;
    await network.add([utf8ToBytes('a fourth note')]);
    network.away('insurer', 'laboratory');
    const before = await viewsOfRecords(network);
    await openChart(page, network.url, PATIENT);
    const failure = page.locator('main .notice.bad');
    await failure.getByText(errors.RELEASE_PENDING).waitFor();
    await failure.getByText('Shares are missing from: laboratory, insurer.').waitFor();
    await page.getByText(chart['read-stopped']).first().waitFor();
    assert.equal(await page.getByText(chart['still-reading']).count(), 0);
    await requireGood(page, 'a chart that waits for a release');
    if (SHOTS !== undefined) await page.screenshot({ path: `${SHOTS}/pending.png` });
    const asked = await viewsOfRecords(network);
    assert.ok(asked > before, 'the views are recorded');
    network.away('insurer');
    await failure.getByRole('button', { name: 'Try again' }).click();
    await page.getByText('Released by hospital, laboratory').waitFor();
    await untilSettled(page);
    assert.equal(await failure.count(), 0);
    if (SHOTS !== undefined) await page.screenshot({ path: `${SHOTS}/released.png` });
    await page.locator('.tabs').getByRole('link', { name: chart['tab-all'], exact: true }).click();
    assert.equal(await page.locator('.items > li').count(), 4);
  });

  it('are shown but for one that too few release, which is set aside with the reason and opens by a button', async () => {
    const { page } = visit;
    const [record] = await network.add([utf8ToBytes('a fifth note')]);
    network.withhold(record ?? assert.fail(), 'insurer', 'laboratory');
    await page.reload();
    await openChart(page, network.url, PATIENT);
    const failure = page.locator('main .notice.bad');
    await failure.getByText('Shares are missing from: laboratory, insurer.').waitFor();
    await page.getByText('1 record could not be opened').waitFor();
    await page.getByText('Released by hospital,').waitFor();
    await page.locator('.tabs').getByRole('link', { name: chart['tab-all'], exact: true }).click();
    const rows = page.locator('.items > li');
    assert.equal(await rows.count(), 5);
    assert.equal(await rows.getByText(errors.RELEASE_PENDING).count(), 1);
    assert.equal(await rows.getByText(chart['not-opened']).count(), 0);
    await requireGood(page, 'a chart of which one record waits for a release');
    if (SHOTS !== undefined) await page.screenshot({ path: `${SHOTS}/aside.png` });
    network.away();
    await failure.getByRole('button', { name: 'Try again' }).click();
    await failure.waitFor({ state: 'detached' });
    await untilSettled(page);
    assert.equal(await rows.getByText(errors.RELEASE_PENDING).count(), 0);
  });

  it('open by their patient while nobody releases anything', async () => {
    const { page } = visit;
    network.away('hospital', 'laboratory', 'insurer');
    await enterAs(page, network.url, 'hospital', PATIENT);
    await openScreen(page, 'Records');
    await page.locator(RECORDS).first().click();
    await page.getByRole('button', { name: 'Save the file' }).waitFor();
    assert.equal(await page.getByText('Released by ').count(), 0);
    network.away();
  });

  it('have their release key on the page of the node: how many release, and its id', async () => {
    const { page } = visit;
    await page.goto(`${network.url}/hospital/portal/#/operator`);
    await page.reload();
    await page.getByText('2 of 3 organisations must release a record before it opens').waitFor();
    await untilSettled(page);
    await requireGood(page, 'the page of the node');
    if (SHOTS !== undefined) await page.screenshot({ path: `${SHOTS}/node.png`, fullPage: true });
  });

  it('open where WebAssembly is refused', async () => {
    const other = await openVisit(browser, { serviceWorkers: 'block' });
    const { page } = other;
    await refuseWebAssembly(page);
    await page.clock.install({ time: network.clock.now() });
    await openChart(page, network.url, PATIENT);
    await page.getByText(/^Released by [a-z]+(?:, [a-z]+)+$/).waitFor();
    const made = await page.evaluate(async () => {
      // In the turn in which the debugger asks, the browser lets it make code.
      await new Promise((resolve) => setTimeout(resolve, 0));
      const empty = Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0);
      return await WebAssembly.compile(empty).then(
        () => 'made',
        () => 'refused',
      );
    });
    assert.equal(made, 'refused');
    await other.close();
  });

  it('are told from those that do not open, once their patient erased them', async () => {
    await eraseKeys(network.patient, 'reports');
    const other = await openVisit(browser, { serviceWorkers: 'block' });
    const { page } = other;
    await page.clock.install({ time: network.clock.now() });
    await openChart(page, network.url, PATIENT);
    await page.getByText('The patient erased 5 records: their content is gone.').waitFor();
    assert.equal(await page.getByText('could not be opened').count(), 0);
    await other.close();
  });
});
