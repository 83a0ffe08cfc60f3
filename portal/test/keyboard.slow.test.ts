import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Page } from 'playwright-core';
import { axeFaults } from './axeFaults.ts';
import { browserMissing } from '../../src/client/test/openBrowser.ts';
import type { Visit } from './openVisit.ts';
import { setStage } from './setStage.ts';
import { untilCounted, untilSettled } from './walkthrough.ts';

/** Most times that a person presses Tab to reach what is wanted. */
const MOST = 120;

/** Name of what has the focus, as a screen reader says it, and whether the focus can be seen. */
async function focused(page: Page): Promise<{ readonly name: string; readonly seen: boolean }> {
  return await page.evaluate(() => {
    const element = document.activeElement;
    if (!(element instanceof HTMLElement)) return { name: '', seen: true };
    const label = element.closest('label') ?? document.querySelector(`label[for="${element.id}"]`);
    const name =
      element.getAttribute('aria-label') ?? label?.textContent ?? element.textContent ?? '';
    const { outlineStyle, boxShadow } = getComputedStyle(element);
    const seen = outlineStyle !== 'none' || boxShadow !== 'none';
    return { name: name.replace(/\s+/g, ' ').trim(), seen };
  });
}

/** Presses Tab until the focus is on what is named. */
async function tabTo(page: Page, name: string | RegExp): Promise<void> {
  const passed: string[] = [];
  for (let pressed = 0; pressed < MOST; pressed += 1) {
    await page.keyboard.press('Tab');
    const on = await focused(page);
    if (typeof name === 'string' ? on.name === name : name.test(on.name)) {
      assert.ok(on.seen, `the focus on ${on.name} cannot be seen`);
      return;
    }
    passed.push(on.name.slice(0, 40));
  }
  assert.fail(`Tab does not reach ${String(name)}: ${passed.join(' | ')}`);
}

async function press(page: Page, name: string | RegExp, key = 'Enter'): Promise<void> {
  await tabTo(page, name);
  await page.keyboard.press(key);
}

describe('the portal by the keyboard alone', { skip: browserMissing }, () => {
  const stage = setStage();

  async function enter(called: string): Promise<Visit> {
    const visit = await stage.visit();
    const { page } = visit;
    await page.goto(`${stage.url}/hospital/portal/`);
    await untilSettled(page);
    await page.getByRole('button', { name: called }).waitFor();
    await press(page, new RegExp(called));
    await page.getByRole('button', { name: 'Lock' }).waitFor();
    await untilSettled(page);
    return visit;
  }

  it('lets a patient share, and stop sharing, with a dialog that holds the focus and gives it back', async () => {
    const visit = await enter('Ana Ferreira');
    const { page } = visit;
    await press(page, 'Sharing');
    await page.getByRole('link', { name: 'Share records' }).waitFor();
    await untilSettled(page);
    await press(page, 'Share records');
    await untilSettled(page);
    await press(page, /Lena Brandt/);
    await press(page, 'Everything but sensitive');
    await press(page, 'Next');
    await page.locator('.signed').waitFor();
    await press(page, 'Sign and share');
    await page.getByRole('heading', { name: /^You share with/ }).waitFor();
    await page.keyboard.press('Tab');
    await page.goto(`${page.url().replace(/#.*$/s, '')}#/rights`);
    const stop = page.getByRole('button', { name: /^Stop sharing with/ }).first();
    await stop.waitFor();
    await untilSettled(page);
    const rights = await page.locator('main li.card').count();
    await press(page, /^Stop sharing with/);
    const dialog = page.getByRole('dialog');
    await dialog.waitFor();
    assert.deepEqual(await axeFaults(page), []);
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    assert.match((await focused(page)).name, /^Stop sharing with/);
    await page.keyboard.press('Enter');
    await dialog.waitFor();
    await press(page, 'Stop sharing');
    // Whoever has a second right keeps it.
    await page
      .getByText(/can open nothing more|may still open records/)
      .waitFor({ timeout: 30_000 });
    await page.waitForFunction(
      (count) => document.querySelectorAll('main li.card').length < count,
      rights,
    );
    assert.deepEqual(visit.complaints, []);
    await visit.close();
  });

  it('lets a doctor read a chart and add a note', async () => {
    const visit = await enter('Dr. Lena Brandt');
    const { page } = visit;
    await press(page, /Teodor/);
    await page.locator('.chart-head').waitFor();
    await untilSettled(page);
    await press(page, 'Add');
    await tabTo(page, 'Note');
    await page.keyboard.type('Sleeps well.');
    await tabTo(page, 'What is it?');
    await page.keyboard.type('Call');
    await press(page, 'Seal and add to the chart');
    await page.getByText('“Call” is on the chart.').waitFor({ timeout: 30_000 });
    await press(page, 'Documents');
    // The chart is read again behind the words that the note is on it, and Tab waits for nothing.
    await page.getByRole('button', { name: 'Open Call', exact: true }).waitFor();
    await untilCounted(page);
    await press(page, 'Open Call');
    await page.getByText('Sleeps well.').waitFor();
    assert.deepEqual(visit.complaints, []);
    await visit.close();
  });
});
