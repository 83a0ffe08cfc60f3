import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import family from '../src/words/en/family.json' with { type: 'json' };
import { untilSettled } from './walkthrough.ts';

/** Goes to the screen of who acts for whom. */
export async function openFamily(page: Page): Promise<void> {
  await page.evaluate(() => (location.hash = '#/family'));
  await page.getByRole('heading', { name: family.title, level: 1 }).waitFor();
  await untilSettled(page);
}

/**
 * Offers to act for somebody whom the person knows, and returns the file that the page saves.
 *
 * @param page - The representative's page, at any screen.
 * @param who - Name of the patient.
 * @param look - Looks at the sheet before it is signed.
 */
export async function offerFor(
  page: Page,
  who: string,
  look: () => Promise<void> = async () => {},
): Promise<string> {
  await openFamily(page);
  await page.getByRole('button', { name: family.offer }).click();
  await page.getByLabel(family.whom).selectOption({ label: who });
  await page.getByLabel(family.why, { exact: true }).fill('my grandmother');
  await page.getByRole('button', { name: 'Next' }).click();
  await page.getByText(/^Confirmed by the organisations: Patient/).waitFor();
  await look();
  const saved = page.waitForEvent('download');
  await page.getByRole('button', { name: family['offer-sign'] }).click();
  const text = await readFile(await (await saved).path(), 'utf8');
  await page.getByText(`Hand it to ${who}`).waitFor();
  return text;
}

/** Chooses a file of an offer, as the patient, at any screen. */
export async function chooseOffer(page: Page, text: string): Promise<void> {
  await page.getByLabel(family['offer-file'], { exact: true }).setInputFiles({
    name: 'offer.json',
    mimeType: 'application/json',
    buffer: Buffer.from(text),
  });
  await untilSettled(page);
}
