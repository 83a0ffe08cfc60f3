import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { Browser } from 'playwright-core';
import { browserMissing, openBrowser } from '../../src/client/test/openBrowser.ts';
import { openVisit } from './openVisit.ts';
import { differenceOf } from './pictures/differenceOf.ts';
import { eachComponent, eachScreen, type OnPicture } from './pictures/eachPicture.ts';
import { faultOf, keptBy } from './pictures/keptPictures.ts';
import { setPictureClock } from './pictures/pictureClock.ts';
import { takePicture } from './pictures/takePicture.ts';
import { startGallery, type RunningGallery } from './startGallery.ts';
import { startPortal, type RunningPortal } from './startPortal.ts';

/** Milliseconds in which a screen comes to look as it should: something may still come in. */
const PATIENCE = 15_000;
const ADVICE =
  'Look at the pictures in .cache/pictures. If this is how it should look, run `npm run maintain shots -- --keep`, look at what changed, and commit it.';
const { EVERY } = process.env;
const LOOK = { width: 1280, colorScheme: 'light' } as const;

describe('pictures', { skip: browserMissing }, () => {
  let folder: string;
  let browser: Browser;
  let gallery: RunningGallery;
  let portal: RunningPortal;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'medseal-pictures-'));
    await setPictureClock(folder);
    browser = await openBrowser();
    gallery = await startGallery();
    portal = await startPortal();
  });
  after(async () => {
    await browser.close();
    await gallery.close();
    await portal.close();
    await rm(folder, { recursive: true });
  });

  it('of every component are as they are kept', async (t) => {
    if (isOther(browser)) return t.skip(`they are of Chromium ${keptBy()}`);
    const faults: string[] = [];
    await eachComponent(browser, gallery.url, comparing(faults, 0));
    assert.deepEqual(faults, [], ADVICE);
  });

  // It visits some hundred screens, which takes two minutes of a processor: with `EVERY=1`, before a change of the look lands.
  it(
    'of every screen are as they are kept',
    { skip: EVERY !== '1' && 'EVERY=1 compares them' },
    async (t) => {
      if (isOther(browser)) return t.skip(`they are of Chromium ${keptBy()}`);
      const faults: string[] = [];
      await eachScreen(browser, portal.url, comparing(faults));
      assert.deepEqual(faults, [], ADVICE);
    },
  );

  it('tell a part that moved by 4 px, is missing or has another colour, and nothing on a page that stays', async () => {
    const visit = await openVisit(browser);
    const { page } = visit;
    await page.goto(gallery.url);
    await page.locator('h2').last().waitFor();
    const lookAfter = async (css: string): Promise<number> => {
      const before = await takePicture(page, LOOK);
      await page.evaluate((text) => {
        const sheet = new CSSStyleSheet();
        sheet.replaceSync(text);
        document.adoptedStyleSheets = [sheet];
      }, css);
      const { places } = differenceOf(before, await takePicture(page, LOOK));
      await page.evaluate(() => (document.adoptedStyleSheets = []));
      return places.length;
    };
    assert.equal(await lookAfter(''), 0);
    for (const css of [
      '#Button figure { transform: translateX(4px) }',
      '#Chip, #Mark { transform: translateY(4px) }',
      '#Button .main { visibility: hidden }',
      '#Chip .icon { visibility: hidden }',
      '#Button .main { background: #0a5f88 }',
      'body { background: #fff }',
      '#Button h2 { color: #666 }',
    ]) {
      assert.notEqual(await lookAfter(css), 0, css);
    }
    await visit.close();
  });
});

/** Tells whether another version of the browser took the kept pictures. */
function isOther(browser: Browser): boolean {
  return browser.version() !== keptBy();
}

/** Waits until each picture is as the kept one, and names those that never are. */
function comparing(faults: string[], patience: number = PATIENCE): OnPicture {
  return async (name, take) => {
    const until = performance.now() + patience;
    for (;;) {
      const fault = faultOf(name, await take());
      if (fault === undefined) return;
      if (performance.now() < until) continue;
      fault.write();
      faults.push(fault.says);
      return;
    }
  };
}
