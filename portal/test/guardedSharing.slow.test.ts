import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Browser } from 'playwright-core';
import { confirmSheet } from '../../src/client/epochs/confirmSheet.ts';
import { readAudit, readPatientState, restorePatient } from '../../src/client/index.ts';
import { enterUnguarded } from '../../src/client/test/enterUnguarded.ts';
import { browserMissing, openBrowser } from '../../src/client/test/openBrowser.ts';
import { utf8ToBytes } from '../../src/crypto/bytes.ts';
import { MedsealError } from '../../src/errors/MedsealError.ts';
import { failsWith } from '../../src/protocol/test/failsWith.ts';
import chart from '../src/words/en/chart.json' with { type: 'json' };
import errors from '../src/words/en/errors.json' with { type: 'json' };
import records from '../src/words/en/records.json' with { type: 'json' };
import share from '../src/words/en/share.json' with { type: 'json' };
import { openedRecords } from './openedRecords.ts';
import { openVisit, type Visit } from './openVisit.ts';
import { requireGood } from './requireGood.ts';
import { startGuarded, type GuardedPortal } from './startGuarded.ts';
import { enterAs, openChart, openScreen, RECORDS, untilSettled } from './walkthrough.ts';

const PATIENT = 'Ana Ferreira';
const OTHER = 'Dr. Omar Haddad';
const DOCTOR = 'Dr. Lena Brandt';
const PHONE = { viewport: { width: 390, height: 844 } };

describe('a guarded chart in the portal', { skip: browserMissing }, () => {
  let browser: Browser;
  let network: GuardedPortal;

  before(async () => {
    network = await startGuarded();
    browser = await openBrowser();
    await network.add([utf8ToBytes('a first note'), utf8ToBytes('a second note')]);
  });
  after(async () => {
    await browser?.close();
    await network?.close();
  });

  async function visit(): Promise<Visit> {
    const opened = await openVisit(browser, PHONE);
    await opened.page.clock.install({ time: network.clock.now() });
    return opened;
  }

  /** Records that somebody opened, by the patient's audit. */
  async function openedBy(address: string): Promise<readonly string[]> {
    const { logs } = await readAudit(network.patient);
    const events = logs.flatMap((log) => log.events);
    return openedRecords(network.patient, events).flatMap(({ who, record }) =>
      who === address ? [record] : [],
    );
  }

  it('shares one record alone by clicks: another doctor opens it by a release, sees no other, and opens it no more once the right ended', async () => {
    const [patient, doctor] = [await visit(), await visit()];
    const { page } = patient;
    await enterAs(page, network.url, 'hospital', PATIENT);
    await openScreen(page, 'Records');
    await page.locator(RECORDS).first().click();
    await page.getByRole('link', { name: records['share-alone'] }).click();
    await page.getByRole('button', { name: OTHER }).click();
    await page.getByText('You share this one record and no other').waitFor();
    await requireGood(page, 'what is shared alone');
    await page.getByRole('button', { name: 'Next' }).click();
    await page.locator('.signed').getByText('may read: one record of').waitFor();
    await requireGood(page, 'the words of a right to one record');
    await page.getByRole('button', { name: 'Sign and share' }).click();
    await page.getByRole('heading', { name: `You share with ${OTHER}` }).waitFor();

    await openChart(doctor.page, network.url, PATIENT, OTHER);
    await doctor.page.getByText(/^Released by [a-z]+(?:, [a-z]+)+$/).waitFor();
    const all = doctor.page.locator('.tabs').getByRole('link', { name: chart['tab-all'] });
    await all.click();
    assert.equal(await doctor.page.locator('.items > li').count(), 1);
    assert.equal(new Set(await openedBy(network.other.address)).size, 1);

    await page.getByRole('link', { name: share['to-rights'] }).click();
    await page.getByRole('button', { name: `Stop sharing with ${OTHER}` }).click();
    await page.locator('dialog').getByRole('button', { name: 'Stop sharing' }).click();
    await page.getByText(`${OTHER} can open nothing more.`).waitFor();
    const before = (await openedBy(network.other.address)).length;
    // The chart that is still on the doctor's screen opens nothing either.
    await doctor.page.locator('.items > li summary').first().click();
    await doctor.page.locator('.attachment').getByRole('button').click();
    await doctor.page.locator('main .notice.bad').getByText(errors.RIGHT_ENDED).waitFor();
    await doctor.page.reload();
    await enterAs(doctor.page, network.url, 'hospital', OTHER);
    await openScreen(doctor.page, 'Patients');
    assert.equal((await openedBy(network.other.address)).length, before);
    await patient.close();
    await doctor.close();
  });

  it('has its keys turned once by the first session after its channel got a release key, and not by the next', async () => {
    const { patient, doctor, other } = network;
    // A browser of the patient has changed the state since.
    await restorePatient(patient);
    await enterUnguarded(patient, other.address);
    const { handle } = await readPatientState(patient);
    const epoch = async (): Promise<number> => (await confirmSheet(doctor, handle)).epoch;
    const [stale, note] = [await epoch(), utf8ToBytes('a third note')];
    assert.equal((await confirmSheet(doctor, handle)).own, undefined);
    await assert.rejects(network.add([note]), failsWith('KEY_PENDING'));
    const first = await visit();
    await enterAs(first.page, network.url, 'hospital', PATIENT);
    assert.equal(await epoch(), stale + 1);
    assert.ok((await confirmSheet(doctor, handle)).own);
    await network.add([note]);
    for (let times = 0; times < 2; times++) {
      await first.page.getByRole('button', { name: 'Lock' }).click();
      await enterAs(first.page, network.url, 'hospital', PATIENT);
      assert.equal(await epoch(), stale + 1);
    }
    await first.close();
  });

  it('says whose shares are missing when two of three organisations stop after its view, and goes on when one is back', async () => {
    const opened = await visit();
    const { page } = opened;
    network.stopsAtRelease('laboratory', 'insurer');
    await openChart(page, network.url, PATIENT);
    const failure = page.locator('main .notice.bad');
    await failure.getByText('Shares are missing from: laboratory, insurer.').waitFor();
    await requireGood(page, 'a chart whose organisations stopped');
    // Now nobody judges a view.
    await failure.getByRole('button', { name: 'Try again' }).click();
    await failure.getByText(errors.VERDICTS_MISSING).waitFor();
    network.away('insurer');
    await failure.getByRole('button', { name: 'Try again' }).click();
    await page.getByText('Released by hospital, laboratory').waitFor();
    await untilSettled(page);
    assert.equal(await failure.count(), 0);
    network.away();
    await opened.close();
  });

  it('says that the end of a right waits for a ledger that stands still, and has it refused at once', async () => {
    const opened = await visit();
    const { page } = opened;
    await enterAs(page, network.url, 'hospital', PATIENT);
    await openScreen(page, 'Sharing');
    const stale = new MedsealError('LEDGER_STALE', { age: 120 });
    await page.route('**/v1/submissions', async (route) => {
      const isRevoke = (route.request().postData() ?? '').includes('"Revoke"');
      if (!isRevoke) return await route.fallback();
      const [status, contentType] = [stale.status, 'application/problem+json'];
      await route.fulfill({ status, contentType, body: JSON.stringify(stale.toProblem()) });
    });
    await page.getByRole('button', { name: `Stop sharing with ${DOCTOR}` }).click();
    await page.locator('dialog').getByRole('button', { name: 'Stop sharing' }).click();
    await page.locator('main .notice.warn').getByText(share['stopped-waits']).waitFor();
    await page.getByText(`${DOCTOR} can open nothing more.`).waitFor();
    const stop = page.getByRole('button', { name: `Stop sharing with ${DOCTOR}` });
    await stop.waitFor({ state: 'detached' });
    await untilSettled(page);
    assert.equal(await stop.count(), 0);
    await requireGood(page, 'an end of a right that waits for the ledger');
    await assert.rejects(network.add([utf8ToBytes('a late note')]), failsWith('RIGHT_ENDED'));
    await opened.close();
  });
});
