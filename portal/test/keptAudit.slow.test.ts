import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Page } from 'playwright-core';
import { readChart, knownRights } from '../../src/client/index.ts';
import { browserMissing } from '../../src/client/test/openBrowser.ts';
import { openDemoVisitor } from './demoVisitor.ts';
import { requireGood } from './requireGood.ts';
import { setStage } from './setStage.ts';
import { enterAs } from './walkthrough.ts';

const PATIENT = 'Ana Ferreira';
const COMPLETE = 'The list is complete, and every line is proven. As of';
/** Pages of an audit's entries. */
const ENTRIES = '**/v1/audits/entries';

/** Enters, and opens the list by the menu. */
async function openList(page: Page, url: string): Promise<void> {
  await enterAs(page, url, 'hospital', PATIENT);
  await page.locator('nav a[href="#/evidence"]').click();
}

/** Waits until the browser keeps what the last audit proved. */
async function untilKept(page: Page): Promise<void> {
  await page.waitForFunction(async () => {
    const names = (await indexedDB.databases()).map(({ name = '' }) => name);
    const found = names.map(
      async (name) =>
        await new Promise<boolean>((resolve) => {
          const opening = indexedDB.open(name);
          opening.addEventListener('success', () => {
            const store = opening.result.transaction('values').objectStore('values');
            const read = store.count('audited');
            read.addEventListener('success', () => {
              opening.result.close();
              resolve(read.result > 0);
            });
          });
        }),
    );
    return (await Promise.all(found)).includes(true);
  });
}

/** Holds the entries of an audit back until they are let go. */
async function holdEntries(page: Page): Promise<() => void> {
  const held = Promise.withResolvers<void>();
  await page.route(ENTRIES, async (route) => {
    await held.promise;
    await route.continue();
  });
  return held.resolve;
}

/** Notes every number of new lines that a page says it checks. */
async function noteChecked(page: Page): Promise<() => Promise<readonly number[]>> {
  await page.addInitScript(() => {
    const counts: number[] = [];
    Object.assign(globalThis, { counts });
    new MutationObserver(() => {
      for (const each of document.querySelectorAll('[role=status]')) {
        const [, count] = /Checking (\d+) new line/.exec(each.textContent ?? '') ?? [];
        if (count !== undefined && counts.at(-1) !== Number(count)) counts.push(Number(count));
      }
    }).observe(document, { subtree: true, childList: true, characterData: true });
  });
  return async () =>
    await page.evaluate(() => (globalThis as unknown as { counts: readonly number[] }).counts);
}

describe('what a browser keeps of an audit', { skip: browserMissing }, () => {
  const stage = setStage();

  it('is on the screen at the second entry before any line has come, then new lines alone are checked, and the focus stays', async (t) => {
    const visit = await stage.visit({ viewport: { width: 390, height: 844 } });
    const { page, complaints } = visit;
    const checked = await noteChecked(page);
    await openList(page, stage.url);
    await page.getByText(COMPLETE).waitFor();
    const all = Number((await page.getByText(/^\d+ lines$/).innerText()).split(' ')[0]);
    const [most = 0] = (await checked()).toSorted((one, other) => other - one);
    await untilKept(page);

    const { party } = await openDemoVisitor(stage.url, 'doctor');
    const { handle } = await openDemoVisitor(stage.url, 'patient');
    const right = (await knownRights(party)).find(({ grant }) => grant.handle === handle);
    const { grant } = right ?? assert.fail();
    await readChart(party, { handle: handle ?? '0x', grant, purpose: grant.terms.purpose });
    const go = await holdEntries(page);
    await page.reload();
    await openList(page, stage.url);
    await page.getByText(/^Proven as of .*\. Looking for new lines …$/).waitFor();
    await page.getByText(`${all} lines`).waitFor();
    const cards = page.locator('main .card');
    const shown = await cards.count();
    assert.ok(shown > 3);
    await requireGood(page, 'the list as it was kept');
    await page.getByLabel('Person').focus();
    go();
    await page.getByText(COMPLETE).waitFor();
    await page.getByText(`${all + 1} lines`).waitFor();
    assert.equal(await page.evaluate(() => document.activeElement?.tagName), 'SELECT');
    assert.ok((await cards.count()) >= shown);
    const again = await checked();
    t.diagnostic(`new lines: ${most} at the first entry, ${again.join(', ')} at the second`);
    assert.ok(
      again.length > 0 && Math.max(...again) <= 12 && most > 20,
      `${most}; ${again.join()}`,
    );
    assert.deepEqual(complaints, []);
    await visit.close();
  });

  it('stands on Home at once, with its moment', async () => {
    const visit = await stage.visit();
    const { page, complaints } = visit;
    await enterAs(page, stage.url, 'hospital', PATIENT);
    await page.getByText(COMPLETE).waitFor();
    await untilKept(page);
    const go = await holdEntries(page);
    await page.reload();
    assert.equal(await page.getByText('Proven as of').count(), 0, 'nothing before the key is open');
    await enterAs(page, stage.url, 'hospital', PATIENT);
    await page.getByText(/^Proven as of .*\. Looking for new lines …$/).waitFor();
    assert.ok((await page.locator('main .timeline > li').count()) > 0);
    await page.getByRole('heading', { name: /^Who looked$/ }).waitFor();
    await requireGood(page, 'Home as it was kept');
    go();
    await page.getByText(COMPLETE).waitFor();
    await page
      .getByText('Nobody looked or added since you were last here on this device.')
      .waitFor();
    assert.deepEqual(complaints, []);
    await visit.close();
  });

  it('says of which moment it is while no node answers, and goes on by itself', async () => {
    const visit = await stage.visit();
    const { page } = visit;
    await openList(page, stage.url);
    await page.getByText(COMPLETE).waitFor();
    await untilKept(page);
    const lines = await page.getByText(/^\d+ lines$/).innerText();
    await page.context().setOffline(true);
    await page.getByText(/^No connection\. Last proven: \d/).waitFor();
    await page.getByText(lines).waitFor();
    await page.context().setOffline(false);
    await page.getByText(COMPLETE).waitFor();
    // At the next entry no audit reaches the node.
    await page.route('**/v1/submissions', async (route) => {
      if (route.request().postData()?.includes('"what":"audit"') === true) await route.abort();
      else await route.continue();
    });
    await page.reload();
    await openList(page, stage.url);
    await page.getByText(/^No connection\. Last proven: \d/).waitFor();
    await page.getByText(lines).waitFor();
    await requireGood(page, 'the list without a connection');
    await page.unroute('**/v1/submissions');
    await page.getByText(COMPLETE).waitFor();
    await visit.close();
  });

  // @attack a node shows a browser that was closed another history of a log | the kept audit names the root, and the person is told
  it('has a log that forked while the page was closed told, with the lines that were proven, also at the entry after it', async () => {
    const visit = await stage.visit();
    const { page } = visit;
    await openList(page, stage.url);
    await page.getByText(COMPLETE).waitFor();
    await untilKept(page);
    const lines = await page.getByText(/^\d+ lines$/).innerText();
    const tiles = /\/tile\//;
    await page.route(tiles, async (route) => {
      const answer = await route.fetch();
      const body = await answer.body();
      body[0] = (body[0] ?? 0) ^ 1;
      await route.fulfill({ response: answer, body });
    });
    await page.reload();
    await openList(page, stage.url);
    await page.getByText('Show this to an auditor.').first().waitFor();
    await page.getByText(/another history of the log, of \d+ entries/).waitFor();
    await page.getByText(/^The evidence disagreed at the last check, on /).waitFor();
    await page.getByText(lines).waitFor();
    await page.unroute(tiles);
    const go = await holdEntries(page);
    await page.reload();
    await openList(page, stage.url);
    await page.getByText(/^The evidence disagreed at the last check, on /).waitFor();
    go();
    await page.getByText(COMPLETE).waitFor();
    await visit.close();
  });
});
