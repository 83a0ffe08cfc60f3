import type { Browser, CDPSession, Page } from 'playwright-core';
import readings from '../../../portal/src/words/en/readings.json' with { type: 'json' };
import { openDemoVisitor } from '../../../portal/test/demoVisitor.ts';
import { openVisit } from '../../../portal/test/openVisit.ts';
import type { RunningPortal } from '../../../portal/test/startPortal.ts';
import {
  enterAs,
  openScreen,
  untilCounted,
  untilSettled,
} from '../../../portal/test/walkthrough.ts';
import { median } from './median.ts';
import { seedMeasurements, wearDevice } from './seedChart.ts';

const ANA = 'Ana Ferreira';
const TEODOR = 'Teodor Lindqvist';
/** Batches of a device that has been worn for a moment. */
const FEW = 10;

/** Times and sizes of a screen that was opened. */
interface Opening {
  /** Milliseconds until its head is drawn. */
  readonly head: number;
  /** Milliseconds until it is whole. */
  readonly whole: number;
  /** Bytes that came meanwhile, as they were compressed, with the heads of answers. */
  readonly bytes: number;
  /** Bytes of the page's objects then, after a collection. */
  readonly heap: number;
}

/**
 * Opens a chart of many records beside one of a demonstration, in turns, as a doctor; then the curves of a device that a
 * patient has worn for a moment, and of the same after a day.
 *
 * @param browser - The browser.
 * @param portal - The demonstration.
 * @param rounds - Number of openings of each.
 * @param size - Records that the long chart gets, and batches of the day.
 */
export async function measureCharts(
  browser: Browser,
  portal: RunningPortal,
  rounds: number,
  { records, batches }: { readonly records: number; readonly batches: number },
): Promise<Readonly<Record<string, number>>> {
  const patient = await openDemoVisitor(portal.url, 'patient');
  await seedMeasurements(await openDemoVisitor(portal.url, 'patient-2'), records);
  const charts: Opening[][] = [[], []];
  for (let round = 0; round < rounds; round++) {
    for (const [place, called] of [ANA, TEODOR].entries()) {
      charts[place]?.push(await openChart(browser, portal.url, called));
    }
  }
  const device = await wearDevice(patient, await openDemoVisitor(portal.url, 'doctor'));
  await device.bring(FEW);
  const worn: Opening[][] = [[], []];
  const cold: Opening[][] = [[], []];
  for (const [place, count] of [FEW, batches - FEW].entries()) {
    await device.bring(count);
    for (let round = 0; round < rounds; round++) {
      worn[place]?.push(await openCurves(browser, portal.url, openedByMenu));
      cold[place]?.push(await openCurves(browser, portal.url, openedFirst));
    }
  }
  return {
    ...ratios(`a chart with ${records} records more`, charts),
    ...ratios(`curves after ${batches} batches in place of ${FEW}`, worn),
    ...ratios(`the same as the first screen`, cold),
  };
}

function ratios(name: string, [few = [], many = []]: Opening[][]): Record<string, number> {
  const result: Record<string, number> = {};
  for (const part of ['head', 'whole', 'bytes', 'heap'] as const) {
    const [one, other] = [few, many].map((all) => median(all.map((each) => each[part])));
    const unit = part === 'head' || part === 'whole' ? 'ms' : 'bytes';
    result[`${name}: ${part}, ${unit}`] = Math.round(other ?? Number.NaN);
    result[`${name}: ${part}, ratio`] = Number(((other ?? 0) / (one ?? 0)).toFixed(2));
  }
  return result;
}

async function openChart(browser: Browser, url: string, called: string): Promise<Opening> {
  return await opening(browser, async (page) => {
    await enterAs(page, url, 'hospital', 'Dr. Lena Brandt');
    await openScreen(page, 'Patients');
    const link = page.locator('a.card', { hasText: called });
    await link.waitFor();
    return {
      press: async () => await link.click(),
      untilHead: async () => await page.locator('.chart-head').waitFor(),
      untilWhole: async () => await untilCounted(page),
    };
  });
}

/** Comes to the screen from Home, which stands whole. */
async function openedByMenu(page: Page, url: string): Promise<Steps['press']> {
  await enterAs(page, url, 'hospital', ANA);
  return async () => await page.evaluate(() => (location.hash = '#/readings'));
}

/** Comes to the screen by its address: the press of the person's name opens the session first. */
async function openedFirst(page: Page, url: string): Promise<Steps['press']> {
  await page.goto(`${url}/hospital/portal/#/readings`);
  const button = page.getByRole('button', { name: ANA });
  await button.waitFor();
  return async () => await button.click();
}

async function openCurves(
  browser: Browser,
  url: string,
  enter: typeof openedByMenu,
): Promise<Opening> {
  return await opening(browser, async (page) => {
    return {
      press: await enter(page, url),
      untilHead: async () => await page.getByRole('heading', { name: readings.title }).waitFor(),
      untilWhole: async () => {
        await page.locator('figure.curve').first().waitFor();
        await untilSettled(page);
      },
    };
  });
}

/** The press that opens a screen, and how to tell that it stands. */
interface Steps {
  readonly press: () => Promise<unknown>;
  readonly untilHead: () => Promise<void>;
  readonly untilWhole: () => Promise<void>;
}

async function opening(browser: Browser, enter: (page: Page) => Promise<Steps>): Promise<Opening> {
  const visit = await openVisit(browser, { serviceWorkers: 'block' });
  const { page } = visit;
  page.setDefaultTimeout(600_000);
  const { press, untilHead, untilWhole } = await enter(page);
  const session: CDPSession = await page.context().newCDPSession(page);
  let bytes = 0;
  session.on('Network.loadingFinished', ({ encodedDataLength }) => {
    bytes += encodedDataLength;
  });
  await session.send('Network.enable');
  const begun = performance.now();
  await press();
  await untilHead();
  const head = performance.now() - begun;
  await untilWhole();
  const whole = performance.now() - begun;
  await session.send('HeapProfiler.collectGarbage');
  const { usedSize } = await session.send('Runtime.getHeapUsage');
  await visit.close();
  return { head, whole, bytes, heap: usedSize };
}
