import type { Locator, Page } from 'playwright-core';
import chart from '../src/words/en/chart.json' with { type: 'json' };

/** The lines of a patient's records. */
export const RECORDS = 'main li > a[href^="#/records/"]';

/** Waits until the screen has its heading, which one that failed has too, and at the same moment nothing on it is waited for. */
export async function untilSettled(page: Page): Promise<void> {
  await page.waitForFunction(
    () =>
      document.querySelector('main h1')?.checkVisibility() === true &&
      document.querySelector('.wait') === null,
  );
}

/**
 * Waits until the chart on the screen is read, and its list counted: nothing is viewed any more, and the page does not read the
 * chart again by itself, at which its lists are empty for a moment and what was open there is closed.
 */
export async function untilCounted(page: Page): Promise<void> {
  await page.locator('.chart-head').waitFor();
  await page.getByText(chart.counting).waitFor({ state: 'detached' });
  await untilSettled(page);
}

/**
 * Enters as a person of the demonstration, by one click.
 *
 * @param page - A page.
 * @param url - Address of the node.
 * @param organisation - Organisation whose portal is opened.
 * @param called - The person's name.
 */
export async function enterAs(
  page: Page,
  url: string,
  organisation: string,
  called: string,
): Promise<void> {
  await page.goto(`${url}/${organisation}/portal/`);
  await page.getByRole('button', { name: called }).click();
  await page.getByRole('button', { name: 'Lock' }).waitFor();
  await untilSettled(page);
}

/** Opens a screen by the menu, or by the screen of what is needed less often. */
export async function openScreen(page: Page, name: string): Promise<void> {
  const menu = page.getByRole('navigation').first();
  await menu.getByRole('link').first().waitFor();
  const entry = menu.getByRole('link', { name, exact: true });
  if (await entry.isVisible()) await entry.click();
  else {
    await menu.locator('[href="#/more"]').click();
    await page.locator('main').getByRole('link', { name, exact: true }).click();
  }
  await untilSettled(page);
}

/** The names of all screens that the menu and the screen of what is needed less often have. */
export async function screensOf(page: Page): Promise<readonly string[]> {
  const menu = await namesIn(page.getByRole('navigation').first());
  await page.getByRole('navigation').first().locator('[href="#/more"]').click();
  await untilSettled(page);
  return [...menu, ...(await namesIn(page.locator('main')))];
}

/**
 * Enters as a doctor of the demonstration, and opens a patient's chart.
 *
 * @param page - A page.
 * @param url - Address of the node.
 * @param patient - The patient's name, or a part of it.
 * @param doctor - The doctor's name.
 */
export async function openChart(
  page: Page,
  url: string,
  patient: string,
  doctor = 'Dr. Lena Brandt',
): Promise<void> {
  await enterAs(page, url, 'hospital', doctor);
  await openScreen(page, 'Patients');
  await page.locator('a.card', { hasText: patient }).click();
  await page.locator('.chart-head').waitFor();
  await untilSettled(page);
}

/** The names of a list's links: the number of news beside a name describes it. */
async function namesIn(list: Locator): Promise<readonly string[]> {
  return await list.getByRole('link').locator('span:visible').allInnerTexts();
}
