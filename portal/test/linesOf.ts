import type { Locator, Page } from 'playwright-core';

/**
 * Opens the lines, each with its proof, of what somebody did on the newest day that "Who saw what" has of them.
 *
 * @param page - The patient's list.
 * @param who - The person's name.
 * @returns The lines.
 */
export async function linesOf(page: Page, who: string): Promise<Locator> {
  const card = page.locator('main .card', { hasText: who }).first();
  await card.locator(':scope > details > summary').click();
  const lines = card.locator('.timeline > li');
  await lines.first().waitFor();
  return lines;
}
