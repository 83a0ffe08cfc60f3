import type { Browser, Page } from 'playwright-core';
import { openVisit } from '../../../portal/test/openVisit.ts';
import type { RunningPortal } from '../../../portal/test/startPortal.ts';
import { median } from './median.ts';

/** By how much the processor is slowed, as a cheap phone is. */
const SLOWER = 4;

/**
 * Opens the portal on a processor that is four times slower, and tells how long it takes until its first button works: at
 * the first visit, and at the next, when the browser has kept the portal.
 *
 * @param browser - The browser.
 * @param portal - The demonstration.
 * @param runs - Number of first visits; the median is given, and the longest.
 */
export async function measureOpening(
  browser: Browser,
  portal: RunningPortal,
  runs: number,
): Promise<Readonly<Record<string, number>>> {
  const url = `${portal.url}/hospital/portal/`;
  const [first, second, plain]: number[][] = [[], [], []];
  for (let run = 0; run < runs; run++) {
    const visit = await openVisit(browser);
    const { page } = visit;
    await page.addInitScript(noteFirstButton);
    plain?.push(await plainWork(page));
    const session = await page.context().newCDPSession(page);
    await session.send('Emulation.setCPUThrottlingRate', { rate: SLOWER });
    await page.goto(url);
    first?.push(await firstButton(page));
    await page.waitForFunction(async () => {
      const registration = await navigator.serviceWorker.getRegistration();
      return registration?.active?.state === 'activated';
    });
    await page.goto('about:blank');
    await page.goto(url);
    second?.push(await firstButton(page));
    await visit.close();
  }
  return {
    'usable at the first visit, 4 times slower, ms': Math.round(median(first ?? [])),
    'longest of them, ms': Math.round(Math.max(...(first ?? []))),
    'usable at the next visit, 4 times slower, ms': Math.round(median(second ?? [])),
    'longest of these, ms': Math.round(Math.max(...(second ?? []))),
    'ten million steps of a loop, not slowed, ms': Math.round(median(plain ?? [])),
  };
}

async function firstButton(page: Page): Promise<number> {
  await page.waitForFunction(() => 'usable' in globalThis);
  return await page.evaluate(() => (globalThis as unknown as { usable: number }).usable);
}

/** Runs in the page before its code: notes when a button was drawn, and the page was free to take a click on it. */
function noteFirstButton(): void {
  const look = (): void => {
    if (document.querySelector('main button:not(:disabled)') === null) {
      requestAnimationFrame(look);
      return;
    }
    // After what is under way, and after the frame that shows it.
    requestAnimationFrame(() =>
      setTimeout(() => Object.assign(globalThis, { usable: performance.now() })),
    );
  };
  look();
}

/** Milliseconds that the machine's JavaScript takes for known work. */
async function plainWork(page: Page): Promise<number> {
  return await page.evaluate(() => {
    const begun = performance.now();
    let sum = 0;
    for (let at = 0; at < 10_000_000; at++) sum = (sum + Math.imul(at, at)) | 0;
    return performance.now() - begun + (sum === 0 ? 1 : 0);
  });
}
