import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import { after, before, describe, it } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { freePorts } from '../../scripts/freePorts.ts';
import { runMedseal, temporaryFolder } from '../../src/cli/test/runMedseal.ts';
import { startNode, type RunningUp } from '../../src/cli/test/startNode.ts';
import { browserMissing, openBrowser } from '../../src/client/test/openBrowser.ts';
import errors from '../src/words/en/errors.json' with { type: 'json' };
import evidence from '../src/words/en/evidence.json' with { type: 'json' };
import home from '../src/words/en/home.json' with { type: 'json' };
import { linesOf } from './linesOf.ts';
import { choosePassphrase, makeKey } from './makeKey.ts';
import { openVisit, type Visit } from './openVisit.ts';
import { openScreen, untilCounted, untilSettled } from './walkthrough.ts';

const ORGANISATIONS = ['hospital', 'laboratory', 'insurer'] as const;
type Name = (typeof ORGANISATIONS)[number];

/** A node's folder, and the ports that it keeps when it is started again. */
interface Home {
  readonly folder: string;
  readonly settings: readonly string[];
  readonly port: number;
}

async function medseal(...args: readonly string[]): Promise<void> {
  const { code, stderr } = await runMedseal(...args, '--json');
  assert.equal(code, 0, stderr);
}

async function cardOf(page: Page): Promise<string> {
  await openScreen(page, 'My key');
  return await page.getByLabel('Text of your card').inputValue();
}

async function addPerson(page: Page, card: string, name: string): Promise<void> {
  const form = page.locator('details', { hasText: 'Add a person by their card' });
  if ((await form.getAttribute('open')) === null) await form.locator('summary').click();
  await page.getByLabel('Card', { exact: true }).fill(card);
  await page.getByLabel('Name of the person').fill(name);
  await page.getByText('Confirmed by the organisations: ').waitFor();
  await page.getByRole('button', { name: 'Add this person' }).click();
}

describe('three nodes in processes of their own', { skip: browserMissing }, () => {
  const ends: (() => unknown)[] = [];
  const suite = { after: (end: () => unknown) => void ends.push(end) };
  const homes = new Map<Name, Home>();
  const nodes = new Map<Name, RunningUp>();
  let browser: Browser;
  let patient: Visit;
  let doctor: Visit;
  /** The doctor's. */
  let words: readonly string[];

  before(async () => {
    const root = await temporaryFolder(suite);
    const exchange = `${root}/exchange`;
    await mkdir(exchange);
    for (const name of ORGANISATIONS) {
      const [port = 0, peers = 0] = await freePorts(2);
      const folder = `${root}/${name}`;
      const accepts = ['authority.accepts=everyone'];
      const settings = [`listen.port=${port}`, `peers.port=${peers}`, ...accepts];
      homes.set(name, { folder, port, settings: settings.flatMap((each) => ['--set', each]) });
      const url = ['--organisation', name, '--url', `http://127.0.0.1:${peers}`, '--plain-keys'];
      await medseal('init', ...url, '--data', folder, '--exchange', exchange);
    }
    for (const [name, { folder }] of homes) {
      const found = name === 'hospital' ? ['--found'] : [];
      await medseal('init', ...found, '--data', folder, '--exchange', exchange, '--yes');
    }
    await Promise.all(ORGANISATIONS.map(start));
    browser = await openBrowser();
    [patient, doctor] = [await openVisit(browser), await openVisit(browser)];
    for (const { page } of [patient, doctor]) page.setDefaultTimeout(90_000);
  });
  after(async () => {
    await browser?.close();
    for (const end of ends.toReversed()) await end();
  });

  async function start(name: Name): Promise<void> {
    const { folder, settings } = homes.get(name) ?? assert.fail(name);
    nodes.set(name, await startNode(suite, folder, ...settings));
  }

  function portalOf(name: Name): string {
    return `http://127.0.0.1:${homes.get(name)?.port}/${name}/portal/`;
  }

  async function enter(
    page: Page,
    name: Name,
    called: string,
    role: string,
  ): Promise<readonly string[]> {
    await page.goto(portalOf(name));
    const words = await makeKey(page, called);
    await page.getByLabel('I am', { exact: true }).selectOption(role);
    await page.getByRole('button', { name: 'Sign and apply' }).click();
    await page.getByText(` at ${name}`).first().waitFor();
    return words;
  }

  it('let a patient of one share with a doctor of another while the third is dead, all proven, and say that it may lack something', async () => {
    await enter(patient.page, 'hospital', 'Anna', 'patient');
    words = await enter(doctor.page, 'laboratory', 'Dr House', 'doctor');
    await nodes.get('insurer')?.stop('SIGKILL');
    const { page } = patient;
    const [own, card] = [await cardOf(page), await cardOf(doctor.page)];
    await page.evaluate(() => (location.hash = '#/add'));
    await page.getByLabel('Or write a note').fill('My knee hurts on stairs.');
    await page.getByLabel('What is it?').fill('Knee');
    await page.getByRole('button', { name: 'Seal and add' }).click();
    await page.getByText('“Knee” is among your records.').waitFor();
    await openScreen(page, 'Sharing');
    await page.getByRole('link', { name: 'Share records' }).click();
    await untilSettled(page);
    await addPerson(page, card, 'Dr House');
    await page.getByRole('button', { name: 'Everything but sensitive' }).click();
    await page.getByRole('button', { name: 'Next' }).click();
    await page.getByRole('button', { name: 'Sign and share' }).click();
    await page.getByRole('heading', { name: 'You share with Dr House' }).waitFor();

    await openScreen(doctor.page, 'Patients');
    await addPerson(doctor.page, own, 'Anna');
    await doctor.page.locator('a.card', { hasText: 'Anna' }).click();
    await untilCounted(doctor.page);
    await doctor.page.locator('.tabs').getByRole('link', { name: 'Documents' }).click();
    await doctor.page.getByRole('button', { name: 'Open Knee' }).click();
    await doctor.page.getByText('My knee hurts on stairs.').waitFor();

    await openScreen(page, evidence.menu);
    const lines = await linesOf(page, 'Dr House');
    await lines
      .getByText(/Dr House opened a record/)
      .first()
      .waitFor();
    await page
      .getByText(
        'Every line is proven. Some organisations did not answer, so lines may be missing.',
      )
      .waitFor();
    assert.equal(await page.getByText('Not proven').count(), 0);
  });

  for (const killed of ['hospital', 'laboratory'] as const) {
    it(`give one right and not two if the node of the ${killed} is killed in the middle and the person tries again`, async () => {
      const { page } = patient;
      await openScreen(page, 'Sharing');
      const rights = page.locator('.cards li', { hasText: 'Dr House' });
      await rights.first().waitFor();
      const before = await rights.count();
      await page.getByRole('link', { name: 'Share records' }).click();
      await page.getByRole('button', { name: 'Dr House' }).click();
      await page.getByLabel(killed === 'hospital' ? 'Allergies' : 'Medicines').check();
      await page.getByRole('button', { name: 'Next' }).click();
      const sign = page.getByRole('button', { name: 'Sign and share' });
      const asked = page.waitForRequest('**/v1/submissions');
      await sign.click();
      await asked;
      await nodes.get(killed)?.stop('SIGKILL');
      const failure = page.locator('main .notice.bad');
      await failure.waitFor();
      assert.match(await failure.innerText(), /(?:Try again|try again)/);
      await start(killed);
      await sign.click();
      await page.getByRole('heading', { name: 'You share with Dr House' }).waitFor();
      await openScreen(page, 'Sharing');
      await rights.nth(before).waitFor();
      assert.equal(await rights.count(), before + 1);
    });
  }

  // @class a screen that shows what was as if it were so now | somebody relies on a right or a result that has changed meanwhile
  it('keep what a person saw on the screen when their own node dies, say of which moment it is, and are current again after a press', async () => {
    const { page } = patient;
    const shown = page.getByText(/^No connection\. As of .*\d/);
    await openScreen(page, home.menu);
    await page.getByText(home['nothing-waits']).waitFor();
    await openScreen(doctor.page, 'Patients');
    await doctor.page.locator('a.card', { hasText: 'Anna' }).waitFor();
    for (const name of ['hospital', 'laboratory'] as const) await nodes.get(name)?.stop('SIGKILL');

    await openScreen(page, 'Sharing');
    await shown.first().waitFor();
    await page.locator('.cards li', { hasText: 'Dr House' }).first().waitFor();
    assert.equal(await page.getByText(errors.PEER_UNREACHABLE).count(), 0);
    await openScreen(page, home.menu);
    await page.getByText(home['nothing-waits']).waitFor();
    // The part that waits for an answer and the records each say their own moment.
    await shown.nth(1).waitFor();
    await page.getByText(/^No connection\. Last proven: /).waitFor();
    assert.equal(await page.getByText(errors.PEER_UNREACHABLE).count(), 0);
    await openScreen(doctor.page, 'My log');
    await openScreen(doctor.page, 'Patients');
    await doctor.page.getByText(/^No connection\. As of .*\d/).waitFor();
    await doctor.page.locator('a.card', { hasText: 'Anna' }).waitFor();

    for (const name of ['hospital', 'laboratory'] as const) await start(name);
    await page.getByRole('button', { name: 'Try again' }).click();
    await shown.first().waitFor({ state: 'detached' });
  });

  it('let a person of one in at the page of another by the 24 words, while their own is dead, with their patients', async () => {
    // Not the hospital's, which keeps the ledger.
    await start('insurer');
    await nodes.get('laboratory')?.stop('SIGKILL');
    const visit = await openVisit(browser);
    const { page } = visit;
    page.setDefaultTimeout(90_000);
    await page.goto(portalOf('insurer'));
    await page.getByRole('button', { name: 'Enter 24 words' }).click();
    await page.getByLabel('Your 24 words').fill(words.join(' '));
    await page.getByLabel('Name for this key').fill('Dr House');
    await choosePassphrase(page, 'Open');
    await page.getByRole('button', { name: 'Lock', exact: true }).first().waitFor();
    await untilSettled(page);
    await openScreen(page, 'Patients');
    await page.locator('a.card', { hasText: 'Anna' }).click();
    await untilCounted(page);
    await page.locator('.tabs').getByRole('link', { name: 'Documents' }).click();
    await page.getByRole('button', { name: 'Open Knee' }).click();
    await page.getByText('My knee hurts on stairs.').waitFor();
    await visit.close();
  });
});
