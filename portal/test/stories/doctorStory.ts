import assert from 'node:assert/strict';
import { hexToBytes } from '../../../src/crypto/bytes.ts';
import chart from '../../src/words/en/chart.json' with { type: 'json' };
import enter from '../../src/words/en/enter.json' with { type: 'json' };
import medicines from '../../src/words/en/medicines.json' with { type: 'json' };
import patients from '../../src/words/en/patients.json' with { type: 'json' };
import { byKeyboard } from '../byKeyboard.ts';
import { openDemoVisitor } from '../demoVisitor.ts';
import { PASSPHRASE } from '../makeKey.ts';
import { requireGood } from '../requireGood.ts';
import { untilWritten } from '../untilWritten.ts';
import { untilCounted, untilSettled } from '../walkthrough.ts';
import { enterByWords } from './enterByWords.ts';
import type { Scene } from './Scene.ts';

const NOTE = 'Sleeps well since Monday.';
const MEDICINE = 'Penicillin V 250 mg tablets';
const REASON = 'She has tolerated it in 2024.';
/** Name of the doctor's key on this device. */
const KEY = 'Ward 3';

/**
 * By the keyboard alone, a doctor writes a note that is still there after another part of the chart, Back, a reload and the
 * lock, and prescribes against an allergy with a reason.
 */
export async function playDoctor({ page, browser, url }: Scene): Promise<void> {
  const { seed } = await openDemoVisitor(url, 'doctor');
  const keys = byKeyboard(page);
  const good = async (where: string): Promise<void> => {
    await untilSettled(page);
    await requireGood(page, where);
  };
  const note = page.getByLabel(chart.note, { exact: true });
  const openAdding = async (): Promise<void> => {
    await page.getByText('Until ').first().waitFor();
    await untilSettled(page);
    await keys.press(/^Ana Ferreira/);
    await untilCounted(page);
    await keys.press(chart['tab-add']);
    await note.waitFor();
    await untilSettled(page);
  };
  const unlock = async (): Promise<void> => {
    await page.getByRole('button', { name: KEY, exact: true }).waitFor();
    await untilSettled(page);
    await keys.press(KEY);
    await page.getByLabel(enter.passphrase, { exact: true }).waitFor();
    await keys.type(enter.passphrase, PASSPHRASE);
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Lock' }).first().waitFor({ timeout: 60_000 });
    await openAdding();
  };

  await enterByWords(page, keys, { url, seed: hexToBytes(seed), called: KEY });
  await good('patients');
  await openAdding();
  await good('a note');
  await keys.type(chart.note, NOTE);
  await keys.type('What is it?', 'Call');
  await keys.press(chart['tab-documents']);
  await note.waitFor({ state: 'detached' });
  // Firefox 153 ends the process of the page as soon as axe reads the list of documents.
  if (browser === 'chromium') await good('documents');
  await keys.press(chart['tab-add']);
  await note.waitFor();
  assert.equal(await note.inputValue(), NOTE);
  await keys.press(patients.menu);
  await page.getByRole('heading', { name: patients.title }).waitFor();
  await untilSettled(page);
  await page.goBack();
  await note.waitFor();
  assert.equal(await note.inputValue(), NOTE);
  await untilWritten(page);
  await page.reload();
  await unlock();
  assert.equal(await note.inputValue(), NOTE);
  await keys.press('Lock');
  await unlock();
  assert.equal(await note.inputValue(), NOTE);
  await good('the note again');
  await keys.press(chart.add);
  await page.getByText('“Call” is on the chart.').waitFor();
  await untilSettled(page);
  await keys.press(chart['tab-documents']);
  // The chart is read again behind the words that the note is on it, and Tab waits for nothing.
  await page.getByRole('button', { name: 'Open Call', exact: true }).first().waitFor();
  await untilCounted(page);
  await keys.press('Open Call');
  await page.getByText(NOTE).first().waitFor();

  await keys.press(chart['tab-add']);
  await untilSettled(page);
  await keys.press(medicines.prescribe);
  await page.getByLabel(medicines.medicine, { exact: true }).waitFor();
  await good('prescribe');
  await keys.type(medicines.medicine, MEDICINE);
  await keys.type(medicines.dosage, 'One in the morning');
  await keys.type(medicines.unit, 'tablet');
  await keys.type(medicines.amount, '10');
  await keys.press(medicines.check);
  const sheet = page.locator('main .signed');
  await sheet.getByText('Allergy: Allergy to penicillin').waitFor();
  await good('what speaks against it');
  await keys.press(medicines['issue-despite']);
  await sheet.locator('.field .error').waitFor();
  await keys.type(medicines.reason, REASON);
  await keys.press(medicines['issue-despite']);
  await page.getByText(`${MEDICINE} is prescribed.`).waitFor();
  await page.getByText(`Signed despite a warning: ${REASON}`).first().waitFor();
  await good('prescribed');
}
