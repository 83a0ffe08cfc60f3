import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openBrowser } from '../../../src/client/test/openBrowser.ts';
import { startGallery } from '../startGallery.ts';
import { startPortal } from '../startPortal.ts';
import { differenceOf } from './differenceOf.ts';
import { eachComponent, eachScreen, pictureNames, type OnPicture } from './eachPicture.ts';
import { dropPicture, faultOf, keepBrowser, keepPicture, keptNames } from './keptPictures.ts';
import { setPictureClock } from './pictureClock.ts';

/**
 * Takes the pictures again that the repository keeps, and removes those of what is not there any more.
 *
 * @param only - Part of the names of those that are wanted.
 */
export async function keepPictures(only: string): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'medseal-pictures-'));
  await setPictureClock(folder);
  const [browser, gallery, portal] = await Promise.all([
    openBrowser(),
    startGallery(),
    startPortal(),
  ]);
  try {
    keepBrowser(browser.version());
    await eachComponent(browser, gallery.url, keepSteady, only);
    await eachScreen(browser, portal.url, keepSteady, only);
  } finally {
    await browser.close();
    await gallery.close();
    await portal.close();
    rmSync(folder, { recursive: true });
  }
  const names = new Set(pictureNames());
  for (const name of keptNames()) if (!names.has(name)) dropPicture(name);
}

/** Keeps a picture, unless it is as the kept one, once two in a row are alike. */
const keepSteady: OnPicture = async (name, take) => {
  let last = await take();
  if (faultOf(name, last) === undefined) return;
  for (;;) {
    const next = await take();
    if (differenceOf(last, next).places.length === 0) break;
    last = next;
  }
  keepPicture(name, last);
};
