import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { listGrants, readAudit, revokeRight } from '../../src/client/index.ts';
import { browserMissing, openBrowser } from '../../src/client/test/openBrowser.ts';
import { utf8ToBytes } from '../../src/crypto/bytes.ts';
import chart from '../src/words/en/chart.json' with { type: 'json' };
import errors from '../src/words/en/errors.json' with { type: 'json' };
import evidence from '../src/words/en/evidence.json' with { type: 'json' };
import kept from '../src/words/en/kept.json' with { type: 'json' };
import { linesOf } from './linesOf.ts';
import { PASSPHRASE } from './makeKey.ts';
import { openVisit, type Visit } from './openVisit.ts';
import { becomePatient } from './peopleByCard.ts';
import { requireGood } from './requireGood.ts';
import { startGuarded, type GuardedPortal } from './startGuarded.ts';
import { enterAs, openChart, openScreen, RECORDS, untilSettled } from './walkthrough.ts';

const PATIENT = 'Ana Ferreira';
const PHONE = { viewport: { width: 390, height: 844 } };
const NOTE = 'My knee hurts on stairs.';
/** A folder for pictures of the screens; absent if nobody wants them. */
const SHOTS = process.env['SHOTS'];

describe('a record that a browser keeps', { skip: browserMissing }, () => {
  let browser: Browser;
  let network: GuardedPortal;
  let doctor: Visit;

  before(async () => {
    network = await startGuarded();
    browser = await openBrowser();
    await network.add([utf8ToBytes('a first note'), utf8ToBytes('a second note')]);
    doctor = await visit();
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

  /** Views by which somebody may look again, by the patient's audit. */
  async function keptViews(): Promise<number> {
    const { logs } = await readAudit(network.patient);
    const bodies = logs.flatMap(({ events }) => events).map(({ body }) => body);
    return bodies.filter((body) => body?.flag === 'A' && body.request.type === 'KeptView').length;
  }

  it('is chosen in a chart, for no longer than the right holds, and the patient sees until when', async () => {
    const { page } = doctor;
    await openChart(page, network.url, PATIENT);
    await page.locator('.tabs').getByRole('link', { name: chart['tab-all'], exact: true }).click();
    for (const place of [0, 1]) {
      const item = page.locator('.items > li').nth(place);
      await item.locator('summary').click();
      await item.getByRole('button', { name: kept.open }).click();
      await item.getByText(kept['for-end']).waitFor();
      assert.equal(await item.getByRole('radio').count(), 1, 'the right holds for an hour');
      if (place === 0) await shot(page, 'keep-in-chart');
      await item.getByRole('button', { name: kept.keep }).click();
      await item.getByText('The patient sees that you may look again until then.').waitFor();
    }
    await shot(page, 'kept-in-chart');
    assert.equal(await keptViews(), 2);
    const patient = await visit();
    await enterAs(patient.page, network.url, 'hospital', PATIENT);
    await openScreen(patient.page, evidence.menu);
    const card = patient.page.locator('main .card', { hasText: 'Dr. Lena Brandt' }).first();
    await card
      .getByText(/^May look again until/)
      .first()
      .waitFor();
    const lines = await linesOf(patient.page, 'Dr. Lena Brandt');
    await lines
      .getByText(/Dr. Lena Brandt opened a record, and may look again/)
      .first()
      .waitFor();
    await shot(patient.page, 'kept-in-evidence');
    await patient.close();
  });

  it('opens from a list without a view, and without a network; one that is removed is gone', async () => {
    const { page } = doctor;
    await openScreen(page, kept.menu);
    const cards = page.locator('.cards > li');
    await cards.nth(1).waitFor();
    const before = await keptViews();
    await page.context().setOffline(true);
    await openScreen(page, 'My key');
    // The list is drawn again, with nothing open in it, once the browser has asked twice in vain whether the right still holds.
    let failures = 0;
    const inVain = page.waitForEvent('requestfailed', (request) => {
      if (request.url().endsWith('/v1/facts')) failures += 1;
      return failures === 2;
    });
    await openScreen(page, kept.menu);
    await inVain;
    await untilSettled(page);
    await cards.first().getByText(PATIENT).waitFor();
    await cards
      .first()
      .getByRole('button', { name: /^Look at/ })
      .click();
    await cards.first().getByRole('button', { name: 'Save the file' }).waitFor();
    await shot(page, 'kept-list');
    await cards
      .nth(1)
      .getByRole('button', { name: /^Remove from this device/ })
      .focus();
    await page.keyboard.press('Enter');
    await cards.nth(1).waitFor({ state: 'detached' });
    assert.equal(await cards.count(), 1);
    await page.context().setOffline(false);
    assert.equal(await keptViews(), before, 'looking again is not written down');
  });

  it('is removed once the browser hears that the right has ended, from the screen too', async () => {
    const { page } = doctor;
    const [right] = await listGrants(network.patient);
    await revokeRight(network.patient, right?.digest ?? '0x');
    await openScreen(page, 'My key');
    await openScreen(page, kept.menu);
    await page.getByText(kept.none).waitFor();
    await shot(page, 'kept-none');
  });

  // @attack whoever copies a browser's databases learns what is kept in them | all is sealed: neither title nor text is found there
  it('is sealed with its person’s key: a page that loads without a network opens it by the passphrase alone, until its time is over', async () => {
    const patient = await visit();
    const { page } = patient;
    await becomePatient(page, network.url, 'Maria');
    await page.evaluate(async () => void (await navigator.serviceWorker.ready));
    await page.evaluate(() => (location.hash = '#/add'));
    await page.getByLabel('Or write a note').fill(NOTE);
    await page.getByLabel('What is it?').fill('Knee');
    await page.getByRole('button', { name: 'Seal and add' }).click();
    await page.getByText('“Knee” is among your records.').waitFor();
    await openScreen(page, 'Records');
    await page.locator(RECORDS).first().click();
    await page.getByRole('button', { name: kept.open }).click();
    await page.getByLabel(kept['for-day']).waitFor();
    assert.equal(await page.getByRole('radio').count(), 3);
    await shot(page, 'keep-own');
    await page.getByRole('button', { name: kept.keep }).click();
    await page.getByText(/^This device keeps it until/).waitFor();
    assert.deepEqual(await readable(page, [NOTE, 'Knee']), []);

    await page.context().setOffline(true);
    await page.reload();
    await page.locator('main .notice.bad').waitFor();
    await page.getByRole('button', { name: 'Open what this device keeps' }).click();
    const passphrase = page.getByLabel('Passphrase of Maria');
    await passphrase.fill('another passphrase');
    await shot(page, 'kept-locked');
    await page.getByRole('button', { name: 'Open', exact: true }).click();
    await page.getByText(errors.PASSPHRASE_WRONG).waitFor();
    await openOffline(page);
    await page.getByRole('button', { name: 'Look at Knee' }).click();
    await page.locator('main pre', { hasText: NOTE }).waitFor();
    await shot(page, 'kept-offline');
    await page.getByRole('button', { name: 'Lock' }).click();
    await passphrase.waitFor();
    assert.equal(await page.getByText(NOTE).count(), 0);

    await page.clock.setSystemTime(network.clock.now() + 13 * 3_600_000);
    await openOffline(page);
    await page.getByText(kept.none).waitFor();
    await page.getByRole('button', { name: 'Lock' }).click();
    await page.clock.setSystemTime(network.clock.now());
    await openOffline(page);
    await page.getByText(kept.none).waitFor();
    assert.deepEqual(
      patient.complaints.filter(
        (each) => !/ERR_INTERNET_DISCONNECTED|425 \(Too Early\)/.test(each),
      ),
      [],
    );
    await patient.close();
  });
});

async function shot(page: Page, name: string): Promise<void> {
  await requireGood(page, name);
  if (SHOTS !== undefined) await page.screenshot({ path: `${SHOTS}/${name}.png`, fullPage: true });
}

async function openOffline(page: Page): Promise<void> {
  await page.getByLabel('Passphrase of Maria').fill(PASSPHRASE);
  await page.getByRole('button', { name: 'Open', exact: true }).click();
  await page.getByRole('heading', { name: kept.title }).waitFor();
  await page.getByText(kept.lead).waitFor();
  await untilSettled(page);
}

/** Which of these texts lie in the browser's databases so that anyone can read them. */
async function readable(page: Page, texts: readonly string[]): Promise<readonly string[]> {
  const values = await page.evaluate(async () => {
    const found: string[] = [];
    for (const { name = '' } of await indexedDB.databases()) {
      const opening = indexedDB.open(name);
      await new Promise((resolve) => opening.addEventListener('success', resolve));
      const database = opening.result;
      for (const store of database.objectStoreNames) {
        const reading = database.transaction(store).objectStore(store).getAll();
        await new Promise((resolve) => reading.addEventListener('success', resolve));
        for (const value of reading.result as unknown[]) {
          const bytes = value instanceof Uint8Array ? value : undefined;
          found.push(bytes ? new TextDecoder('latin1').decode(bytes) : JSON.stringify(value));
        }
      }
      database.close();
    }
    return found;
  });
  assert.ok(values.length > 3);
  return texts.filter((text) => values.some((value) => value.includes(text)));
}
