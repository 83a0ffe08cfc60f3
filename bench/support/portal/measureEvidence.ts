import type { Browser, Page } from 'playwright-core';
import words from '../../../portal/src/words/en/evidence.json' with { type: 'json' };
import { openVisit } from '../../../portal/test/openVisit.ts';
import { seedViews } from '../../../portal/test/seedViews.ts';
import type { RunningPortal } from '../../../portal/test/startPortal.ts';

const PATIENT = 'Teodor Lindqvist';
/** Milliseconds in which the browser has kept what it proved. */
const KEPT = 30_000;

/**
 * Opens "Who saw what" over thousands of views on a phone's screen, and tells how long the person waits for the list, how
 * long the page is busy without a pause meanwhile, and how soon a filter and a fold are drawn.
 *
 * @param browser - The browser.
 * @param portal - The demonstration.
 * @param views - Views of one doctor that are made first.
 */
export async function measureEvidence(
  browser: Browser,
  portal: RunningPortal,
  views: number,
): Promise<Readonly<Record<string, number>>> {
  await seedViews(portal.url, PATIENT, views);
  const visit = await openVisit(browser, { viewport: { width: 390, height: 844 } });
  const { page } = visit;
  page.setDefaultTimeout(600_000);
  await page.addInitScript(noteLongTasks);
  await page.goto(`${portal.url}/hospital/portal/`);
  const session = await page.context().newCDPSession(page);
  const begun = performance.now();
  await page.getByRole('button', { name: PATIENT }).click();
  await page.locator('nav a[href="#/evidence"]').click();
  await page.locator('main .card').first().waitFor();
  const read = performance.now() - begun;
  const reading = await longestTask(page);
  const { usedSize } = await session.send('Runtime.getHeapUsage');
  const filtered = await timeOf(page, 'main select', (select) => {
    (select as HTMLSelectElement).value = 'all';
    select.dispatchEvent(new Event('change', { bubbles: true }));
  });
  const unfolded = await timeOf(page, 'main .card > details > summary', (summary) =>
    summary.click(),
  );
  await page.waitForTimeout(KEPT);
  await page.reload();
  const again = performance.now();
  await page.getByRole('button', { name: PATIENT }).click();
  await page.locator('nav a[href="#/evidence"]').click();
  await page.locator('main .card').first().waitFor();
  const shown = performance.now() - again;
  await page.getByText(words.complete).waitFor();
  const result = {
    'views in the list': views,
    'after a reload: from the choice of the person to the first lines, s':
      Math.round(shown / 100) / 10,
    'to all lines, proven, s': Math.round((performance.now() - again) / 100) / 10,
    'from the choice of the person to the list, s': Math.round(read / 100) / 10,
    'longest time without a pause meanwhile, ms': reading,
    'another filter drawn, ms': filtered,
    'the lines of all views unfolded, ms': unfolded,
    'memory of the page’s objects, MB': Math.round(usedSize / 1e6),
  };
  await visit.close();
  return result;
}

/** Does something to the first element of a kind, and returns the milliseconds until the frame after it is drawn. */
async function timeOf(
  page: Page,
  selector: string,
  act: (element: HTMLElement) => void,
): Promise<number> {
  const element = page.locator(selector).first();
  const begun = await page.evaluate(() => performance.now());
  await element.evaluate(act);
  return await page.evaluate(async (start) => {
    // The event of a fold comes in a task of its own, before the next frame.
    await new Promise(requestAnimationFrame);
    await new Promise(requestAnimationFrame);
    return Math.round(performance.now() - start);
  }, begun);
}

async function longestTask(page: Page): Promise<number> {
  return await page.evaluate(() =>
    Math.round((globalThis as unknown as { readonly longest: number }).longest),
  );
}

/** Runs in the page before its code. */
function noteLongTasks(): void {
  Object.assign(globalThis, { longest: 0 });
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) {
      const { longest } = globalThis as unknown as { readonly longest: number };
      Object.assign(globalThis, { longest: Math.max(longest, duration) });
    }
  }).observe({ type: 'longtask' });
}
