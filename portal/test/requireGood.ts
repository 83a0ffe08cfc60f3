import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { axeFaults } from './axeFaults.ts';

/** Size of the smallest text, and what is too small for a thumb or lies beside the screen. */
async function measure(page: Page): Promise<{
  readonly smallest: number;
  /** People at work read closer together. */
  readonly least: number;
  readonly small: readonly string[];
  readonly beside: number;
}> {
  return await page.evaluate(() => {
    const shown = [...document.querySelectorAll<HTMLElement>('body *')].filter(
      (element) => element.checkVisibility() && element.getBoundingClientRect().width > 0,
    );
    const withText = shown.filter((element) =>
      [...element.childNodes].some(
        (node) => node.nodeType === Node.TEXT_NODE && node.textContent?.trim() !== '',
      ),
    );
    const targets = shown.filter((element) =>
      element.matches(
        'button, select, summary, .button, nav a, input:not([type=checkbox],[type=radio])',
      ),
    );
    const { scrollWidth, clientWidth } = document.documentElement;
    return {
      least: document.body.dataset['density'] === 'work' ? 14 : 16,
      smallest: Math.min(
        ...withText
          .filter((element) => element.closest('code, svg, .code, nav, [aria-hidden]') === null)
          .map((element) => Number.parseFloat(getComputedStyle(element).fontSize)),
      ),
      small: targets
        .filter((element) => element.getBoundingClientRect().height < 43.5)
        .map((element) => `${element.tagName} ${element.textContent?.slice(0, 40)}`),
      beside: scrollWidth - clientWidth,
    };
  });
}

/** Requires that a screen has no fault of accessibility, and nothing that is too small or lies beside it. */
export async function requireGood(page: Page, where: string): Promise<void> {
  assert.deepEqual(await axeFaults(page), [], where);
  const { smallest, least, small, beside } = await measure(page);
  assert.ok(smallest >= least, `${where}: text of ${smallest} px`);
  assert.deepEqual(small, [], `${where}: small targets`);
  assert.equal(beside, 0, `${where}: ${beside} px beside the screen`);
}
