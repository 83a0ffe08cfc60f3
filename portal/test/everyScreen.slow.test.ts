import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Page } from 'playwright-core';
import { axeFaults } from './axeFaults.ts';
import { browserMissing } from '../../src/client/test/openBrowser.ts';
import { setStage } from './setStage.ts';
import { enterAs, untilSettled } from './walkthrough.ts';

const PEOPLE = [
  ['hospital', 'Ana Ferreira'],
  ['hospital', 'Dr. Lena Brandt'],
  ['hospital', 'Noor Willems'],
  ['laboratory', 'Ines Duarte'],
  ['insurer', 'Marek Novak'],
] as const;

/** Size of the smallest text, and what is too small for a thumb or lies beside the screen. */
async function measure(page: Page): Promise<{
  readonly smallest: number;
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
      smallest: Math.min(
        ...withText
          .filter((element) => element.closest('code, svg, .code') === null)
          .map((element) => Number.parseFloat(getComputedStyle(element).fontSize)),
      ),
      small: targets
        .filter((element) => element.getBoundingClientRect().height < 43.5)
        .map((element) => `${element.tagName} ${element.textContent?.slice(0, 40)}`),
      beside: scrollWidth - clientWidth,
    };
  });
}

async function requireGood(page: Page, where: string): Promise<void> {
  assert.deepEqual(await axeFaults(page), [], where);
  const { smallest, small, beside } = await measure(page);
  assert.ok(smallest >= 17, `${where}: text of ${smallest} px`);
  assert.deepEqual(small, [], `${where}: small targets`);
  assert.equal(beside, 0, `${where}: ${beside} px beside the screen`);
}

describe('every screen of every role', { skip: browserMissing }, () => {
  const stage = setStage();

  for (const [width, colorScheme] of [
    [1280, 'light'],
    [390, 'dark'],
  ] as const) {
    it(`has no fault of accessibility, no complaint, nothing small and nothing beside it at ${width} px, ${colorScheme}`, async () => {
      for (const [organisation, called] of PEOPLE) {
        const visit = await stage.visit({ viewport: { width, height: 844 }, colorScheme });
        const { page } = visit;
        await page.goto(`${stage.url}/${organisation}/portal/`);
        await untilSettled(page);
        await requireGood(page, `${called}, way in`);
        await enterAs(page, stage.url, organisation, called);
        const menu = page.getByRole('navigation').first().getByRole('link');
        for (const name of await menu.allInnerTexts()) {
          await page
            .getByRole('navigation')
            .first()
            .getByRole('link', { name, exact: true })
            .click();
          await untilSettled(page);
          await requireGood(page, `${called}, ${name}`);
        }
        assert.deepEqual(visit.complaints, [], called);
        await visit.close();
      }
    });
  }
});
