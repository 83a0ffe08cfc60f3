import { requireGood } from '../requireGood.ts';
import { enterAs, openScreen, untilSettled } from '../walkthrough.ts';
import type { Scene } from './Scene.ts';

/** A researcher, whose right has ended, asks for another one, sees that it waits for the patient's answer, and withdraws it. */
export async function playResearcher({ page, url }: Scene): Promise<void> {
  await enterAs(page, url, 'hospital', 'Dr. Yuki Arai');
  await page.getByText('No request waits for an answer.').waitFor();
  await requireGood(page, 'the desk');
  await page.getByRole('link', { name: 'Ask a patient for access' }).click();
  await untilSettled(page);
  await page.getByRole('link', { name: 'Ana Ferreira' }).click();
  await page.getByRole('heading', { name: 'What do you ask Ana Ferreira for?' }).waitFor();
  await page.getByLabel('Laboratory results').check();
  await page.locator('.signed').getByText('You ask Ana Ferreira for this:').waitFor();
  await requireGood(page, 'what is asked for');
  await page.getByRole('button', { name: 'Sign and ask' }).click();
  await page
    .getByText(/^Waits for an answer until/)
    .first()
    .waitFor();
  await untilSettled(page);
  await requireGood(page, 'asked for');
  await page
    .getByRole('button', { name: /^Ana Ferreira\s*Waits for an answer/ })
    .first()
    .click();
  await page.getByRole('button', { name: 'Withdraw it from Ana Ferreira' }).click();
  await page.getByText('Withdrawn by you').first().waitFor();
  await openScreen(page, 'My log');
  await page
    .getByText('You asked for access. For: Research. Patient: Ana Ferreira.')
    .first()
    .waitFor();
  await page
    .getByText(/^You tried to see the list of records: refused \(the right had ended\)/)
    .waitFor();
  await requireGood(page, 'my log');
}
