import type { Page } from 'playwright-core';
import more from '../../src/words/en/more.json' with { type: 'json' };
import type { Keyboard } from '../byKeyboard.ts';
import { untilSettled } from '../walkthrough.ts';

/** Enters an organisation's portal as a person of the demonstration, by the keyboard alone. */
export async function enterByKeys(
  page: Page,
  keys: Keyboard,
  address: string,
  called: string,
): Promise<void> {
  await page.goto(`${address}/portal/`);
  await page.getByRole('button', { name: called }).waitFor();
  await untilSettled(page);
  await keys.press(new RegExp(called));
  await page.getByRole('button', { name: 'Lock' }).first().waitFor();
  await untilSettled(page);
}

/** Opens a screen by the menu, or by the screen of what is needed less often, by the keyboard alone. */
export async function openByKeys(page: Page, keys: Keyboard, name: string): Promise<void> {
  const menu = page.getByRole('navigation').first();
  const isListed = await menu.getByRole('link', { name, exact: true }).isVisible();
  if (!isListed) {
    await keys.press(new RegExp(`^${more.menu}`));
    await page.locator('main').getByRole('link', { name, exact: true }).waitFor();
    await untilSettled(page);
  }
  // The number of news stands beside the name.
  await keys.press(new RegExp(`^${name}`));
  await page.getByRole('heading', { level: 1 }).waitFor();
  await untilSettled(page);
}
