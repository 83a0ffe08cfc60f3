import assert from 'node:assert/strict';
import evidence from '../../src/words/en/evidence.json' with { type: 'json' };
import share from '../../src/words/en/share.json' with { type: 'json' };
import { byKeyboard, focusedName } from '../byKeyboard.ts';
import { requireGood } from '../requireGood.ts';
import { untilSettled } from '../walkthrough.ts';
import type { Scene } from './Scene.ts';

const OTHER = 'Jonas Kelemen';
/** Longest that a patient may take to share, seconds. */
const MOST_SECONDS = 40;

/** By the keyboard alone, a patient sees what the pharmacist saw, shares with another pharmacist in three steps, and stops that. */
export async function playPatient({ page, url, say }: Scene): Promise<void> {
  const keys = byKeyboard(page);
  let atAxe = 0;
  const good = async (where: string): Promise<void> => {
    await untilSettled(page);
    const begun = performance.now();
    await requireGood(page, where);
    atAxe += performance.now() - begun;
  };
  await page.goto(`${url}/hospital/portal/`);
  await page.getByRole('button', { name: 'Ana Ferreira' }).waitFor();
  await good('the way in');
  await keys.press(/Ana Ferreira/);
  await page.getByText('Lisinopril 10 mg').first().waitFor();
  await good('My health');
  await keys.press(evidence.menu);
  const card = page.locator('main .card', { hasText: 'Noor Willems' }).first();
  await card.getByText('Pharmacist, hospital · For: Treatment').waitFor();
  await card.getByText('Read 2 records').waitFor();
  await card.getByText(/^Medicines, 1 record: .*Metformin 500 mg/).waitFor();
  assert.ok(keys.presses <= 3, `${keys.presses} presses until it says what the pharmacist saw`);
  await good('who saw what');

  await keys.press(share.menu);
  await page.getByRole('link', { name: share.new }).waitFor();
  await good('who can see what');
  const rights = await page.locator('main li.card').count();
  const [begun, atAxeBefore] = [performance.now(), atAxe];
  await keys.press(share.new);
  await page.getByText('Step 1 of 3').waitFor();
  await good('with whom');
  await keys.press(new RegExp(OTHER));
  await page.getByText('Step 2 of 3').waitFor();
  await page.getByText('Nothing sensitive, no bills.').first().waitFor();
  await good('what and why');
  for (const kind of ['Allergies', 'Medicines']) {
    await keys.tabTo(kind);
    await page.keyboard.press('Space');
  }
  await keys.press('Next');
  await page.getByText('Step 3 of 3').waitFor();
  const words = page.locator('main .signed');
  await words.getByText('Confirmed by the organisations: Pharmacist').waitFor();
  await keys.tabTo(share['for-month']);
  await page.keyboard.press('ArrowUp');
  assert.equal(await page.getByLabel(share['for-day']).isChecked(), true);
  await good('until when');
  await keys.press(share.sign);
  await page.getByRole('heading', { name: `You share with ${OTHER}` }).waitFor();
  const seconds = (performance.now() - begun - (atAxe - atAxeBefore)) / 1000;
  say(`a patient shares by the keyboard in ${seconds.toFixed(1)} s`);
  assert.ok(seconds <= MOST_SECONDS, `${seconds.toFixed(1)} s until it is shared`);
  await good('shared');

  await keys.press(share['to-rights']);
  const stop = `Stop sharing with ${OTHER}`;
  await page.getByRole('button', { name: stop }).waitFor();
  await untilSettled(page);
  assert.equal(await page.locator('main li.card').count(), rights + 1);
  const shared = page.locator('main li.card', { hasText: OTHER }).first();
  await shared.getByText('Confirmed by the organisations: Pharmacist').waitFor();
  await keys.press(stop);
  const dialog = page.getByRole('dialog');
  await dialog.getByText(`${OTHER} can no longer open: Allergies and Medicines.`).waitFor();
  await dialog.getByText(share['stop-not']).waitFor();
  await good('stop sharing');
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'detached' });
  assert.equal(await focusedName(page), stop, 'the focus is given back');
  await page.keyboard.press('Enter');
  await dialog.waitFor();
  await keys.press(share['stop-now']);
  await page.getByText(`${OTHER} can open nothing more.`).waitFor();
  await page.waitForFunction(
    (count) => document.querySelectorAll('main li.card').length === count,
    rights,
  );
}
