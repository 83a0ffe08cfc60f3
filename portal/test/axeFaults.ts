import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';

const source = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** Success criteria of WCAG 2.2 up to AA, and what is known as good practice beside them. */
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/** Pixels of the highest page that is judged as a whole. */
const MOST = 12_000;

interface Axe {
  run(
    context: unknown,
    options: unknown,
  ): Promise<{
    readonly violations: readonly {
      readonly id: string;
      readonly nodes: readonly { readonly html: string }[];
    }[];
  }>;
}

/**
 * Returns what axe finds wrong on a page by the rules of WCAG 2.2 AA and of best practice.
 *
 * @param page - The page.
 * @param without - Rules to leave out.
 * @returns Each rule with the elements that break it; empty if there are no faults.
 */
export async function axeFaults(
  page: Page,
  without: readonly string[] = [],
): Promise<readonly string[]> {
  const shown = page.viewportSize();
  // Whatever lies behind the bar of a narrow screen can be scrolled out of it; axe judges the place where it is.
  const [height, top] = await page.evaluate(() => {
    return [document.documentElement.scrollHeight, scrollY] as const;
  });
  if (shown !== null) await page.setViewportSize({ ...shown, height: Math.min(height, MOST) });
  try {
    return await faultsOf(page, without);
  } finally {
    if (shown !== null) await page.setViewportSize(shown);
    // Firefox goes to the top of a page that it has shown as a whole.
    await page.evaluate((y) => scrollTo({ top: y, behavior: 'instant' }), top);
  }
}

async function faultsOf(page: Page, without: readonly string[]): Promise<readonly string[]> {
  if (!(await page.evaluate(() => 'axe' in globalThis))) await page.evaluate(source);
  // A colour halfway to another has a contrast that neither has.
  await page.evaluate(() => {
    for (const each of document.getAnimations()) if (each instanceof CSSTransition) each.finish();
  });
  const rules = Object.fromEntries(without.map((rule) => [rule, { enabled: false }]));
  return await page.evaluate(
    async (options) => {
      const { axe } = globalThis as unknown as { readonly axe: Axe };
      const { violations } = await axe.run(document, options);
      return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
    },
    { runOnly: RULES, rules, resultTypes: ['violations'] },
  );
}
