import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import type { Browser, Page } from 'playwright-core';
import { openVisit } from '../../../portal/test/openVisit.ts';
import { refuseWebAssembly } from '../../../portal/test/refuseWebAssembly.ts';
import { startGuarded, type GuardedPortal } from '../../../portal/test/startGuarded.ts';
import { openChart } from '../../../portal/test/walkthrough.ts';
import type { measureReleased } from './releasePage.ts';

/** Ways in which a page computes pairings. */
const WAYS = {
  'WebAssembly in the worker': async () => await Promise.resolve(),
  'JavaScript in the worker': refuseWebAssembly,
  'JavaScript in the page': async (page: Page) => {
    await page.route('**/assets/pairingWorker-*', async (route) => await route.abort());
  },
} as const;

/**
 * Opens guarded records in the browser: one of 4 KiB in a page of its own, in WebAssembly and in JavaScript; and a chart at the
 * portal, with pairings in the worker and in the page. All nodes of the chart run in this process.
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
  for (const [name, prepare] of Object.entries(WAYS)) {
    const { took, longest } = await measureChart(browser, network, prepare);
    result[`a chart of ${records}, ${name}, ms`] = Math.round(took);
    result[`longest task meanwhile, ${name}, ms`] = Math.round(longest);
  }
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
  for (const [name, { guarded, plain }] of Object.entries(times)) {
    result[`opening 4 KiB, ${name}, ms`] = Number(guarded.toFixed(2));
    result[`opening 4 KiB without a release, beside ${name}, ms`] = Number(plain.toFixed(2));
  }
  await page.close();
  return result;
}

async function measureChart(
  browser: Browser,
  network: GuardedPortal,
  prepare: (page: Page) => Promise<void>,
): Promise<{ readonly took: number; readonly longest: number }> {
  const visit = await openVisit(browser, { serviceWorkers: 'block' });
  const { page } = visit;
  page.setDefaultTimeout(120_000);
  await prepare(page);
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
