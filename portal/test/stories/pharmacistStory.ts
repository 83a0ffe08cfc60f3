import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { qrRows } from '../../src/ui/qrRows.ts';
import medicines from '../../src/words/en/medicines.json' with { type: 'json' };
import scan from '../../src/words/en/scan.json' with { type: 'json' };
import { byKeyboard } from '../byKeyboard.ts';
import { filmOf } from '../filmOf.ts';
import { pictureOf } from '../pictureOf.ts';
import { requireGood } from '../requireGood.ts';
import { untilSettled } from '../walkthrough.ts';
import { enterByKeys, openByKeys } from './byMenu.ts';
import type { Scene } from './Scene.ts';

/**
 * By the keyboard alone, a pharmacist scans what a patient shows, reads why the doctor signed it, and dispenses, in three presses. The camera sees the code in Chromium.
 * Firefox has a camera for tests that shows a pattern and no file: there the code comes out of a picture.
 */
export async function playPharmacist({ page, browser, url, slip, film }: Scene): Promise<void> {
  const rows = qrRows(slip, true);
  await writeFile(film, filmOf(browser === 'chromium' ? rows : []));
  const keys = byKeyboard(page);
  await enterByKeys(page, keys, `${url}/hospital`, 'Noor Willems');
  const { presses: before } = keys;
  await openByKeys(page, keys, medicines.menu);
  await requireGood(page, 'the counter');
  await keys.press(scan.open);
  if (browser === 'firefox') {
    await page.getByText(scan.looking).waitFor();
    await requireGood(page, 'scan');
    const picture = { name: 'code.png', mimeType: 'image/png', buffer: pictureOf(rows) };
    await keys.give(scan.picture, picture);
  }
  const main = page.locator('main');
  await main.getByText(/^At most \d+ capsules now/).waitFor();
  await main.getByText('Amoxicillin 500 mg capsules').first().waitFor();
  await main.getByText('Signed despite a warning: The patient has taken it before.').waitFor();
  await page.locator('dialog').waitFor({ state: 'detached' });
  await untilSettled(page);
  await keys.type(medicines.amount, '5');
  await main.getByText('You hand out 5 capsules of Amoxicillin 500 mg capsules.').waitFor();
  await untilSettled(page);
  await requireGood(page, 'what is dispensed');
  await keys.press('Dispense 5 capsules');
  await main.getByText('5 capsules dispensed.').waitFor();
  assert.equal(keys.presses - before, 3);
  await untilSettled(page);
  await requireGood(page, 'dispensed');
}
