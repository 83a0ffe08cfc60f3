import type { Page } from 'playwright-core';
import { makeKey } from './makeKey.ts';
import { openScreen } from './walkthrough.ts';

/** The card that a person shows on "Me". */
export async function cardShownBy(page: Page): Promise<string> {
  await openScreen(page, 'My key');
  return await page.getByLabel('Text of your card').inputValue();
}

/**
 * Takes somebody's card on the screen that is open, once the page says the role that the organisations confirm.
 *
 * @param page - A page with the form for cards.
 * @param card - The card.
 * @param name - Name to keep the person under.
 * @param confirmed - Role and organisation as the page says them.
 */
export async function addByCard(
  page: Page,
  card: string,
  name: string,
  confirmed: string,
): Promise<void> {
  const form = page.locator('details', { hasText: 'Add a person by their card' });
  if ((await form.getAttribute('open')) === null) await form.locator('summary').click();
  await page.getByLabel('Card', { exact: true }).fill(card);
  await page.getByLabel('Name of the person').fill(name);
  // The role is said before anything is kept.
  await page.getByText(`Confirmed by the organisations: ${confirmed}.`).waitFor();
  await page.getByRole('button', { name: 'Add this person' }).click();
}

/**
 * Makes a key for a new patient of the hospital, and has it enrolled; returns its words.
 *
 * @param page - A page of a browser that knows nobody.
 * @param url - Address of the node.
 * @param called - Name of the key.
 */
export async function becomePatient(
  page: Page,
  url: string,
  called: string,
): Promise<readonly string[]> {
  await page.goto(`${url}/hospital/portal/`);
  const words = await makeKey(page, called);
  await page.getByRole('heading', { name: 'Apply' }).waitFor({ timeout: 60_000 });
  await page.getByRole('button', { name: 'Sign and apply' }).click();
  await page.getByText('Patient at hospital').waitFor({ timeout: 60_000 });
  return words;
}
