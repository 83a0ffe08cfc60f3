import { byKeyboard } from '../byKeyboard.ts';
import { requireGood } from '../requireGood.ts';
import { untilSettled } from '../walkthrough.ts';
import { enterByKeys, openByKeys } from './byMenu.ts';
import type { Scene } from './Scene.ts';

/** By the keyboard alone, a researcher, whose right has ended, asks for another one, sees that it waits for the patient's answer, and withdraws it. */
export async function playResearcher({ page, url }: Scene): Promise<void> {
  const keys = byKeyboard(page);
  await enterByKeys(page, keys, `${url}/hospital`, 'Dr. Yuki Arai');
  await page.getByText('No request waits for an answer.').waitFor();
  await requireGood(page, 'the desk');
  await keys.press('Ask a patient for access');
  await page.getByRole('link', { name: 'Ana Ferreira' }).waitFor();
  await untilSettled(page);
  await keys.press(/Ana Ferreira/);
  await page.getByRole('heading', { name: 'What do you ask Ana Ferreira for?' }).waitFor();
  await keys.tick('Laboratory results');
  await page.locator('.signed').getByText('You ask Ana Ferreira for this:').waitFor();
  await requireGood(page, 'what is asked for');
  await keys.press('Sign and ask');
  await page
    .getByText(/^Waits for an answer until/)
    .first()
    .waitFor();
  await untilSettled(page);
  await requireGood(page, 'asked for');
  await keys.press(/^Ana Ferreira\s*Waits for an answer/);
  await page.getByRole('button', { name: 'Withdraw it from Ana Ferreira' }).waitFor();
  await untilSettled(page);
  await keys.press('Withdraw it from Ana Ferreira');
  await page.getByText('Withdrawn by you').first().waitFor();
  await openByKeys(page, keys, 'My log');
  await page
    .getByText('You asked for access. For: Research. Patient: Ana Ferreira.')
    .first()
    .waitFor();
  await page
    .getByText(/^You tried to see the list of records: refused \(the right had ended\)/)
    .waitFor();
  await requireGood(page, 'my log');
}
