import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, describe, it } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { HOME_BYTES } from '../../scripts/budgets.ts';
import { browserMissing, openBrowser } from '../../src/client/test/openBrowser.ts';
import { LANGUAGES } from '../src/words/Language.ts';
import { axeFaults } from './axeFaults.ts';
import { countBytes } from './countBytes.ts';
import { makeKey } from './makeKey.ts';
import { openVisit, type Visit } from './openVisit.ts';
import { requireGood } from './requireGood.ts';
import { sayIn } from './sayIn.ts';
import { startNodes, type PortalNode, type PortalNodes } from './startNodes.ts';
import { untilSettled } from './walkthrough.ts';

const NAMES = ['hospital', 'laboratory', 'insurer'];

describe('the pages of operators', { skip: browserMissing }, () => {
  let network: PortalNodes;
  let browser: Browser;
  before(async () => {
    network = await startNodes(NAMES);
    browser = await openBrowser();
  });
  after(async () => {
    await browser?.close();
    await network?.close();
  });

  function nodeOf(name: string): PortalNode {
    return network.nodes.get(name) ?? assert.fail(name);
  }

  /** Opens an operator's page with its code. */
  async function operate(name: string, code = nodeOf(name).code): Promise<Visit> {
    const visit = await openVisit(browser, { acceptDownloads: true });
    const { page } = visit;
    await page.goto(nodeOf(name).page);
    await page.getByLabel('Operator’s code').fill(code);
    await page.getByRole('button', { name: 'Open' }).click();
    return visit;
  }

  it('let a newcomer in once two of three organisations approved, each in its own browser', async () => {
    const applicant = await openVisit(browser);
    const { page } = applicant;
    await page.goto(nodeOf('hospital').portal);
    await makeKey(page, 'Dr. Gregory');
    await page.getByLabel('I am', { exact: true }).selectOption('doctor');
    await page.getByRole('button', { name: 'Sign and apply' }).click();
    const waiting = page.locator('.notice p[translate=no]');
    const spoken = await waiting.innerText();
    assert.equal(spoken.split(' ').length, 12);
    assert.deepEqual(await axeFaults(page), []);

    const hospital = await operate('hospital');
    await hospital.page.getByText('The node takes requests.').waitFor();
    await decline(hospital.page, 'hospital', spoken);
    await page.getByRole('button', { name: 'Ask again now' }).click();
    await page.getByText('Your application was declined.').waitFor();
    await page.getByText('The person has another role there.').waitFor();
    assert.deepEqual(await axeFaults(page), []);
    // They talked: it is approved after all.
    await approve(hospital.page, 'hospital', spoken);
    await hospital.page.getByText('Approved by 1 of 2').waitFor();
    // Nobody else was asked before the applicant’s own organisation had approved.
    const laboratory = await operate('laboratory');
    await laboratory.page.getByText('The node takes requests.').waitFor();
    await tab(laboratory.page, 'Applications');
    await laboratory.page.getByText('No applications wait.').waitFor();

    await page.getByRole('button', { name: 'Sign and apply' }).click();
    await untilSettled(page);
    await hospital.page.getByRole('button', { name: 'Refresh' }).click();
    await hospital.page.getByText('laboratory: … waits for its operator').waitFor();
    await laboratory.page.getByRole('button', { name: 'Refresh' }).click();
    await laboratory.page.getByText('hospital: ✓ passed it on').waitFor();
    await approve(laboratory.page, 'laboratory', spoken);
    await laboratory.page.getByText('Approved by 2 of 2').waitFor();

    await page.getByRole('button', { name: 'Ask again now' }).click();
    await page.getByRole('heading', { name: 'Your card' }).waitFor();
    await page.getByText('Doctor at hospital').waitFor();
    await hospital.page.getByRole('button', { name: 'Refresh' }).click();
    await hospital.page.getByText('No applications wait.').waitFor();
    for (const visit of [applicant, hospital, laboratory]) {
      assert.deepEqual(
        visit.complaints.filter((each) => !/ 425 | 403 /.test(each)),
        [],
      );
      await visit.close();
    }
  });

  it('suspend a person once two of three members signed the same file', async () => {
    const hospital = await operate('hospital');
    await tab(hospital.page, 'Suspensions');
    await hospital.page.getByRole('button', { name: 'Suspend …' }).click();
    await hospital.page.getByText('Doctor at hospital is suspended').waitFor();
    await hospital.page.getByRole('button', { name: 'Sign for hospital' }).click();
    await hospital.page.getByText('1 signature is missing.').waitFor();
    assert.deepEqual(await axeFaults(hospital.page), []);
    const [download] = await Promise.all([
      hospital.page.waitForEvent('download'),
      hospital.page.getByRole('button', { name: 'Save the file' }).click(),
    ]);
    const file = await download.path();
    const text = await readFile(file, 'utf8');

    const insurer = await operate('insurer');
    await tab(insurer.page, 'Suspensions');
    const choose = insurer.page.getByLabel('Or open a file that another member signed');
    const give = async (content: string): Promise<void> => {
      const buffer = Buffer.from(content);
      await choose.setInputFiles({ name: 'x.json', mimeType: 'application/json', buffer });
      await untilSettled(insurer.page);
    };
    for (const bad of ['no file', '{}', text.replace('"suspended": true', '"suspended": false')]) {
      await give(bad);
      await insurer.page.getByRole('alert').waitFor();
      assert.equal(await insurer.page.getByRole('button', { name: /^Sign for/ }).count(), 0);
    }
    await give(text);
    await insurer.page.getByText('Signed by').waitFor();
    await insurer.page.getByRole('definition').filter({ hasText: 'hospital' }).waitFor();
    await insurer.page.getByRole('button', { name: 'Sign for insurer' }).click();
    await insurer.page.getByText('It holds, since block').waitFor();
    await insurer.page.getByText('✗ suspended').waitFor();
    await hospital.close();
    await insurer.close();
  });

  for (const [width, colorScheme] of [
    [1280, 'light'],
    [390, 'dark'],
  ] as const) {
    it(`have no fault at ${width} px, ${colorScheme}, in every language`, async () => {
      const visit = await openVisit(browser, { viewport: { width, height: 844 }, colorScheme });
      const { page } = visit;
      const { page: address, code } = nodeOf('laboratory');
      await page.goto(address);
      await page.getByRole('heading', { name: 'Operate this node' }).waitFor();
      await requireGood(page, 'the way in');
      await page.getByLabel('Operator’s code').fill(code);
      await page.keyboard.press('Enter');
      for (const { code: language } of LANGUAGES) {
        await page.locator('select.language').selectOption(language);
        const say = sayIn(language);
        for (const key of [
          'operate.members',
          'operate.applications',
          'operate.suspensions',
          'operate.health',
        ] as const) {
          await tab(page, say(key));
          await requireGood(page, `${key} in ${language}`);
        }
        await page.getByText(say('operate.same')).waitFor();
        for (const other of ['hospital', 'insurer']) {
          await page
            .getByRole('row')
            .filter({ hasText: other })
            .filter({ hasText: say('operate.answers') })
            .waitFor();
        }
      }
      assert.deepEqual(visit.complaints, []);
      await visit.close();
    });
  }

  it('load no more than their bound until the first screen is drawn', async (t) => {
    const visit = await openVisit(browser, { serviceWorkers: 'block' });
    const { page } = visit;
    const { page: address, code } = nodeOf('hospital');
    const bytes = await countBytes(page, address, 'nav a');
    await page.goto(address);
    await page.getByLabel('Operator’s code').fill(code);
    await page.keyboard.press('Enter');
    const files = await bytes.until('home');
    const sum = [...files.values()].reduce((total, each) => total + each, 0);
    const list = [...files].map(([name, each]) => `${name} ${each}`).join(', ');
    t.diagnostic(`operator: ${sum} bytes: ${list}`);
    assert.ok(sum <= HOME_BYTES.operator, `${sum} of ${HOME_BYTES.operator} bytes, ${list}`);
    assert.ok(files.has('operate.js'), 'what is counted has the code of the page');
    await visit.close();
  });

  it('open with no other code, keep none, and forget it when the page is locked or loaded again', async () => {
    for (const code of ['x', nodeOf('insurer').code, 'ö ü', '<b>']) {
      const visit = await operate('hospital', code);
      await visit.page.getByRole('alert').getByText('This is not the code').waitFor();
      await visit.close();
    }
    const visit = await operate('hospital');
    const { page } = visit;
    await page.getByText('The node takes requests.').waitFor();
    const kept = await page.evaluate(async () => {
      const databases = await indexedDB.databases();
      const workers = await navigator.serviceWorker.getRegistrations();
      return [
        JSON.stringify([Object.entries(localStorage), Object.entries(sessionStorage)]),
        document.cookie,
        location.href,
        databases.length,
        workers.length,
      ];
    });
    const { page: address, code } = nodeOf('hospital');
    assert.ok(!JSON.stringify(kept).includes(code));
    assert.deepEqual(kept.slice(1), ['', address, 0, 0]);
    await page.getByRole('button', { name: 'Lock' }).click();
    await page.getByLabel('Operator’s code').waitFor();
    await page.getByLabel('Operator’s code').fill(code);
    await page.keyboard.press('Enter');
    await page.getByText('The node takes requests.').waitFor();
    await page.reload();
    await page.getByLabel('Operator’s code').waitFor();
    await visit.close();
  });

  it('tell a page of another origin nothing, though it has the code', async () => {
    const visit = await openVisit(browser);
    const { page } = visit;
    const { page: address, code } = nodeOf('hospital');
    // The portal of the same machine, at another port.
    await page.goto(nodeOf('hospital').portal);
    const { origin } = new URL(address);
    const tried = await page.context().newPage();
    await tried.route('http://evil.test/', async (route) => {
      await route.fulfill({ contentType: 'text/html', body: '<!doctype html><p>hello' });
    });
    await tried.goto('http://evil.test/');
    const outcomes = await tried.evaluate(
      async ([at, authorization]) => {
        const calls: RequestInit[] = [
          { headers: { authorization: `Bearer ${authorization}` } },
          { mode: 'no-cors' },
          {
            mode: 'no-cors',
            method: 'POST',
            body: '{}',
            headers: { 'content-type': 'text/plain' },
          },
        ];
        const told: string[] = [];
        for (const call of calls) {
          const answer = await fetch(`${at}/v1/operator/applications`, call).catch(() => undefined);
          told.push(answer === undefined ? 'blocked' : `${answer.type} ${await answer.text()}`);
        }
        const frame = document.createElement('iframe');
        frame.src = `${at}/portal/`;
        document.body.append(frame);
        await new Promise((resolve) => frame.addEventListener('load', resolve));
        return told;
      },
      [origin, code] as const,
    );
    assert.deepEqual(
      outcomes.map((each) => each.replace(/^opaque $/, 'blocked')),
      ['blocked', 'blocked', 'blocked'],
    );
    const framed = tried.frames().find((each) => each !== tried.mainFrame());
    assert.equal(
      await framed
        ?.getByLabel('Operator’s code')
        .count()
        .catch(() => 0),
      0,
    );
    await visit.close();
  });
});

/** Approves the application with these words, and no other. */
async function approve(page: Page, member: string, words: string): Promise<void> {
  await tab(page, 'Applications');
  const card = page.getByRole('listitem').filter({ hasText: words });
  await card.getByRole('button', { name: `Approve for ${member}` }).click();
  const dialog = page.getByRole('dialog');
  const now = dialog.getByRole('button', { name: 'Approve', exact: true });
  // It does nothing before the operator says that the words were compared.
  await now.click({ force: true });
  await dialog.getByLabel('The person read me these words.').check();
  await requireGood(page, 'the question');
  await now.click();
  await page.getByText(`Approved for ${member}.`).waitFor();
}

/** Declines the application with these words, and no other. */
async function decline(page: Page, member: string, words: string): Promise<void> {
  await tab(page, 'Applications');
  const card = page.getByRole('listitem').filter({ hasText: words });
  await card.getByRole('button', { name: 'Decline …' }).click();
  const dialog = page.getByRole('dialog');
  const now = dialog.getByRole('button', { name: 'Decline', exact: true });
  // It does nothing before a reason is chosen.
  await now.click({ force: true });
  await dialog.getByLabel('The person has another role there.').check();
  await requireGood(page, 'the question why');
  await now.click();
  await page.getByText(`Declined for ${member}.`).waitFor();
  await card.getByText(`${member}: ✗ declined`).waitFor();
}

/** Opens a screen of the operator's page. */
async function tab(page: Page, name: string): Promise<void> {
  await page.getByRole('navigation').getByRole('link', { name }).click();
  await untilSettled(page);
}
