import type { Page } from 'playwright-core';
import { untilSettled } from './walkthrough.ts';

/** A passphrase for keys of tests. */
export const PASSPHRASE = 'five random words in a row';

/** Says that the words on the screen are on paper, and types those that are asked for; returns all. */
export async function writeWords(page: Page): Promise<readonly string[]> {
  await page.locator('.words li').last().waitFor();
  const words = await page.locator('.words li').allInnerTexts();
  await page.getByRole('button', { name: 'I have written them down' }).click();
  for (const field of await page.getByLabel(/^Word \d+$/).all()) {
    const label = await field.evaluate((each) => (each as HTMLInputElement).labels?.[0]?.innerText);
    await field.fill(words[Number(label?.replace(/\D/g, '')) - 1] ?? '');
  }
  return words;
}

/** Types a new passphrase twice, and presses the button below it. */
export async function choosePassphrase(page: Page, button: string): Promise<void> {
  await page.getByLabel('New passphrase').fill(PASSPHRASE);
  await page.getByLabel('The passphrase again').fill(PASSPHRASE);
  await page.getByRole('button', { name: button, exact: true }).click();
}

/** Fills in the screens of a new key; returns its words. */
export async function fillInKey(page: Page, called: string): Promise<readonly string[]> {
  const words = await writeWords(page);
  await page.getByLabel('Name for this key').fill(called);
  await choosePassphrase(page, 'Keep the key');
  return words;
}

/** Makes a key in the page that is open, and keeps it under `PASSPHRASE`; returns its words. */
export async function makeKey(page: Page, called: string): Promise<readonly string[]> {
  await page.getByRole('button', { name: 'Make a new key' }).click();
  const words = await fillInKey(page, called);
  await page.getByRole('button', { name: 'Lock' }).first().waitFor();
  await untilSettled(page);
  return words;
}
