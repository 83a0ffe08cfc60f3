import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import type { Browser } from 'playwright-core';
import { openVisit } from '../../../portal/test/openVisit.ts';
import { startGuarded, type GuardedPortal } from '../../../portal/test/startGuarded.ts';
import { openChart } from '../../../portal/test/walkthrough.ts';
import type { measureReleased } from './releasePage.ts';

/**
 * Opens guarded records in the browser: one of 4 KiB in a page of its own, and a chart at the portal. All nodes of the chart run in
 * this process.
 *
 * @param browser - The browser.
 * @param records - Number of records of the chart.
 */
export async function measureRelease(
  browser: Browser,
  records: number,
): Promise<Readonly<Record<string, number>>> {
  const result = await measureOne(browser);
  const network = await startGuarded();
  await network.add(
    Array.from({ length: records }, () => crypto.getRandomValues(new Uint8Array(4096))),
  );
  const { took, longest } = await measureChart(browser, network);
  result[`a chart of ${records}, ms`] = Math.round(took);
  result['longest task meanwhile, ms'] = Math.round(longest);
  await network.close();
  return result;
}

async function measureOne(browser: Browser): Promise<Record<string, number>> {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL('releasePage.ts', import.meta.url))],
    bundle: true,
    platform: 'browser',
    format: 'iife',
    globalName: 'medsealRelease',
    write: false,
  });
  const page = await browser.newPage();
  await page.addScriptTag({ content: outputFiles[0]?.text ?? '' });
  const result: Record<string, number> = {};
  const times = await page.evaluate<Awaited<ReturnType<typeof measureReleased>>>(
    'medsealRelease.measureReleased(200)',
  );
  result['opening 4 KiB, ms'] = Number(times.guarded.toFixed(2));
  result['opening 4 KiB without a release, ms'] = Number(times.plain.toFixed(2));
  await page.close();
  return result;
}

async function measureChart(
  browser: Browser,
  network: GuardedPortal,
): Promise<{ readonly took: number; readonly longest: number }> {
  const visit = await openVisit(browser, { serviceWorkers: 'block' });
  const { page } = visit;
  page.setDefaultTimeout(120_000);
  await page.clock.install({ time: network.clock.now() });
  await page.addInitScript(noteLongTasks);
  const begun = performance.now();
  await openChart(page, network.url, 'Ana Ferreira');
  await page.locator('.by', { hasText: 'Released by ' }).waitFor();
  const took = performance.now() - begun;
  const longest = await page.evaluate(
    () => (globalThis as unknown as { longest?: number }).longest ?? 0,
  );
  await visit.close();
  return { took, longest };
}

/** Runs in the page before its code: keeps the longest task, of those over 50 ms. */
function noteLongTasks(): void {
  Object.assign(globalThis, { longest: 0 });
  new PerformanceObserver((list) => {
    const own = globalThis as unknown as { longest: number };
    for (const { duration } of list.getEntries()) own.longest = Math.max(own.longest, duration);
  }).observe({ type: 'longtask', buffered: true });
}
