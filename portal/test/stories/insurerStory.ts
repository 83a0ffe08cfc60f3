import assert from 'node:assert/strict';
import { byKeyboard } from '../byKeyboard.ts';
import { requireGood } from '../requireGood.ts';
import { untilSettled } from '../walkthrough.ts';
import { enterByKeys, openByKeys } from './byMenu.ts';
import type { Scene } from './Scene.ts';

/** By the keyboard alone, an insurer sees what its right covers and nothing else, with its purpose in view, and finds each look in its own log. */
export async function playInsurer({ page, url }: Scene): Promise<void> {
  const keys = byKeyboard(page);
  await enterByKeys(page, keys, `${url}/insurer`, 'Marek Novak');
  const menu = await page
    .getByRole('navigation')
    .getByRole('link')
    .locator('span:visible')
    .allInnerTexts();
  assert.deepEqual(menu, ['Claims', 'Shown to me', 'My log', 'More']);
  await page.getByRole('heading', { name: 'Claims to decide' }).waitFor();
  await requireGood(page, 'claims');
  await openByKeys(page, keys, 'Shown to me');
  await page.getByRole('heading', { name: 'Ana Ferreira' }).waitFor();
  assert.match(await page.locator('li.card').innerText(), /You may read: one record of Bills/);
  await requireGood(page, 'shown to me');
  await keys.press(/^See what Ana Ferreira shows/);
  await page.getByText('This right covers 1 record.').waitFor();
  const banner = await page.locator('.patient-banner').innerText();
  assert.match(banner, /Ana Ferreira\s+Payment\s+until /);
  await page.getByText('No record is missing: other organisations count the same.').waitFor();
  assert.equal(await page.locator('.tabs').count(), 0);
  assert.equal(await page.locator('li.card').count(), 1);
  assert.equal(await page.locator('article').count(), 0, 'opened before somebody asked');
  await untilSettled(page);
  await keys.press(/^Open/);
  await page.locator('article.resource').first().waitFor();
  await untilSettled(page);
  await requireGood(page, 'the bill');
  await openByKeys(page, keys, 'My log');
  await page.getByRole('heading', { name: /^Block 1 ✓ Safe$/ }).waitFor();
  await page.getByText('You saw the list of records. For: Payment. Patient: Ana').first().waitFor();
  await requireGood(page, 'my log');
}
