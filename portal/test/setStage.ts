import { after, before } from 'node:test';
import type { Browser, BrowserContextOptions } from 'playwright-core';
import {
  openBrowser,
  type BrowserChoice,
  type BrowserName,
} from '../../src/client/test/openBrowser.ts';
import { openVisit, type Visit } from './openVisit.ts';
import { startPortal, type PortalChoice, type RunningPortal } from './startPortal.ts';

/** A browser and a demonstration that the tests of a suite share. */
export interface Stage {
  /** Address of the node, such as `http://127.0.0.1:40123`. */
  readonly url: string;
  /** Folder of the network. */
  readonly data: string;
  /**
   * Opens a page that shares nothing with another visit, and keeps no copy of the portal for a time without a network: that takes
   * a third of the time of each visit. A test of such a time asks for `serviceWorkers: 'allow'`.
   */
  visit(options?: VisitChoice): Promise<Visit>;
}

/** Choices of a demonstration, and of the browser. */
export interface StageChoice extends PortalChoice, Pick<BrowserChoice, 'viewers' | 'film'> {}

/** Choices of a visit. */
export interface VisitChoice extends BrowserContextOptions {
  /** Chromium if absent. */
  readonly browser?: BrowserName;
}

/**
 * Founds a demonstration before the tests of a suite, starts each browser at its first visit, and ends all after the tests.
 * Call it in `describe`; what it returns can be used in its tests.
 *
 * @param choice - Choices that differ from the usual ones.
 */
export function setStage({ viewers, film, ...choice }: StageChoice = {}): Stage {
  const browsers = new Map<string, Promise<Browser>>();
  let portal: RunningPortal | undefined;
  before(async () => {
    portal = await startPortal(choice);
  });
  after(async () => {
    for (const browser of browsers.values()) await (await browser).close();
    await portal?.close();
  });
  const running = (): RunningPortal => {
    if (portal === undefined) throw new Error('Use the stage in a test, not in `describe`.');
    return portal;
  };
  const browserFor = async (name: BrowserName, isDark: boolean): Promise<Browser> => {
    // Firefox has one scheme of colours for all visits.
    const kind = name === 'firefox' ? `${name} ${isDark}` : name;
    const browser =
      browsers.get(kind) ??
      openBrowser({
        name,
        isDark,
        ...(viewers && { viewers }),
        ...(film !== undefined && { film }),
      });
    browsers.set(kind, browser);
    return await browser;
  };
  return {
    get url() {
      return running().url;
    },
    get data() {
      return running().data;
    },
    async visit({ browser = 'chromium', ...options } = {}) {
      const started = await browserFor(browser, options.colorScheme === 'dark');
      return await openVisit(started, { serviceWorkers: 'block', ...options });
    },
  };
}
