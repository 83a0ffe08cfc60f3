import type { Page } from 'playwright-core';
import { seedToPhrase } from '../../../src/client/index.ts';
import enter from '../../src/words/en/enter.json' with { type: 'json' };
import type { Keyboard } from '../byKeyboard.ts';
import { PASSPHRASE } from '../makeKey.ts';
import { requireGood } from '../requireGood.ts';
import { untilSettled } from '../walkthrough.ts';

/** Somebody whose device is new, with the words on paper. */
export interface ByWords {
  /** Address of the node. */
  readonly url: string;
  readonly seed: Uint8Array;
  /** Name of the key on this device. */
  readonly called: string;
}

/** Enters the hospital's portal by the 24 words and the keyboard alone, on a device that knows nobody. */
export async function enterByWords(
  page: Page,
  keys: Keyboard,
  { url, seed, called }: ByWords,
): Promise<void> {
  await page.goto(`${url}/hospital/portal/`);
  await page.getByRole('button', { name: enter['by-words'] }).waitFor();
  await untilSettled(page);
  await keys.press(enter['by-words']);
  await page.getByLabel(enter.words).waitFor();
  await untilSettled(page);
  await requireGood(page, '24 words');
  await keys.type(enter.words, seedToPhrase(seed));
  await keys.type(enter.called, called);
  await keys.type(enter['new-passphrase'], PASSPHRASE);
  await keys.type(enter['passphrase-again'], PASSPHRASE);
  await keys.press(enter.open);
  // To seal the key takes long on purpose.
  await page.getByRole('button', { name: 'Lock' }).first().waitFor({ timeout: 60_000 });
}
