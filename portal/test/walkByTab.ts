import type { Page } from 'playwright-core';
import { beginOrder, lookAfter } from './lookAtFocus.ts';

/** Most stops of a page. */
const MOST = 300;
/** Faults at which a walk ends. */
const ENOUGH = 8;

declare global {
  interface Window {
    /** The stops of a walk so far. */
    medsealStops: Set<Element>;
  }
}

/** A walk by Tab over a page. */
export interface TabWalk {
  /** Number of controls on which it stopped. */
  readonly stops: number;
  /** A sentence for each fault of a stop, with its name. */
  readonly faults: readonly string[];
}

/**
 * Goes by Tab over all that a page shows, from where the focus is to its end, and on from its start until it comes to a stop
 * again.
 *
 * @param page - A page of Chromium, which is settled.
 */
export async function walkByTab(page: Page): Promise<TabWalk> {
  await beginOrder(page);
  await page.evaluate(() => (window.medsealStops = new Set()));
  const faults: string[] = [];
  for (let pressed = 0; pressed < MOST; pressed += 1) {
    await page.keyboard.press('Tab');
    const stops = await stopsNow(page);
    if (stops !== undefined) return { stops, faults };
    const on = await lookAfter(page, 'Tab');
    faults.push(...on.faults.map((fault) => `${on.name.slice(0, 40)} ${fault}`));
    if (faults.length >= ENOUGH) return { stops: pressed, faults };
  }
  return { stops: MOST, faults: [...faults, `has more than ${MOST} stops`] };
}

/** Notes what has the focus. Returns the number of stops once it is one of before; the buttons of the browser are not a stop. */
async function stopsNow(page: Page): Promise<number | undefined> {
  return await page.evaluate(() => {
    const { medsealStops: stops } = window;
    const { activeElement: element } = document;
    if (element === null || element === document.body) return undefined;
    if (stops.has(element)) return stops.size;
    stops.add(element);
    return undefined;
  });
}
