import { after, before } from 'node:test';
import type { Browser, BrowserContextOptions } from 'playwright-core';
import { openBrowser, type BrowserChoice } from '../../src/client/test/openBrowser.ts';
import { openVisit, type Visit } from './openVisit.ts';
import { startPortal, type PortalChoice, type RunningPortal } from './startPortal.ts';

/** A browser and a demonstration that the tests of a suite share. */
export interface Stage {
  /** Address of the node, such as `http://127.0.0.1:40123`. */
  readonly url: string;
  /** Folder of the network. */
  readonly data: string;
  /** Opens a page that shares nothing with another visit. */
  visit(options?: BrowserContextOptions): Promise<Visit>;
}

/** Choices of a demonstration, and of the browser. */
export interface StageChoice extends PortalChoice, BrowserChoice {}

/**
 * Founds a demonstration and starts a browser before the tests of a suite, and ends both after
 * them. Call it in `describe`; what it returns can be used in its tests.
 *
 * @param choice - Choices that differ from the usual ones.
 */
export function setStage({ viewers, film, ...choice }: StageChoice = {}): Stage {
  let browser: Browser | undefined;
  let portal: RunningPortal | undefined;
  before(async () => {
    portal = await startPortal(choice);
    browser = await openBrowser({
      ...(viewers && { viewers }),
      ...(film !== undefined && { film }),
    });
  });
  after(async () => {
    await browser?.close();
    await portal?.close();
  });
  const running = (): RunningPortal => {
    if (portal === undefined) throw new Error('Use the stage in a test, not in `describe`.');
    return portal;
  };
  return {
    get url() {
      return running().url;
    },
    get data() {
      return running().data;
    },
    async visit(options) {
      if (browser === undefined) throw new Error('Use the stage in a test, not in `describe`.');
      return await openVisit(browser, options);
    },
  };
}
