import type { Browser, Page } from 'playwright-core';
import { SHOWN } from '../../gallery/shownNames.ts';
import { openVisit } from '../openVisit.ts';
import { comeAs, leaveSight, reachSight, SEERS } from '../sights.ts';
import { crop } from './crop.ts';
import { GALLERY_LOOKS, LOOKS, pictureName, type Look } from './looks.ts';
import { NOT_KEPT } from './notKept.ts';
import type { Picture } from './Picture.ts';
import { takePicture } from './takePicture.ts';

/** Gets each picture by its name; it may take one again, while the page stays as it is. */
export type OnPicture = (name: string, take: () => Promise<Picture>) => Promise<void>;

/** Names of all pictures that are kept. */
export function pictureNames(): readonly string[] {
  const sights = SEERS.flatMap(({ name, sights }) => sights.map((each) => `${name}-${each.name}`));
  const screens = sights.filter((name) => !Object.hasOwn(NOT_KEPT, name));
  return [
    ...screens.flatMap((name) => LOOKS.map((look) => pictureName(name, look))),
    ...SHOWN.flatMap((name) => GALLERY_LOOKS.map((look) => pictureName(`gallery-${name}`, look))),
  ].toSorted();
}

/**
 * Visits each sight of the portal, in all looks.
 *
 * @param browser - The browser.
 * @param url - Address of the node, whose clock is that of this process.
 * @param onPicture - Gets each picture.
 * @param only - Part of the names of those that are wanted.
 */
export async function eachScreen(
  browser: Browser,
  url: string,
  onPicture: OnPicture,
  only: string = '',
): Promise<void> {
  for (const seer of SEERS) {
    const isWanted = (name: string): boolean => {
      const what = `${seer.name}-${name}`;
      const isKept = !Object.hasOwn(NOT_KEPT, what);
      return isKept && LOOKS.some((look) => pictureName(what, look).includes(only));
    };
    const last = seer.sights.findLastIndex(({ name }) => isWanted(name));
    if (last < 0) continue;
    const visit = await openSteadyVisit(browser);
    const { page } = visit;
    await comeAs(page, url, seer);
    for (const sight of seer.sights.slice(0, last + 1)) {
      const what = `${seer.name}-${sight.name}`;
      // No picture goes on from one of these.
      if (Object.hasOwn(NOT_KEPT, what)) continue;
      const [first] = LOOKS;
      if (first !== undefined) await page.setViewportSize({ width: first.width, height: 844 });
      await reachSight(page, sight);
      if (isWanted(sight.name)) await inLooks(page, what, LOOKS, onPicture, only);
      await leaveSight(page, sight);
    }
    await visit.close();
  }
}

/**
 * Visits the gallery, in all looks.
 *
 * @param browser - The browser.
 * @param url - Address of the gallery.
 * @param onPicture - Gets the picture of each component.
 * @param only - Part of the names of those that are wanted.
 */
export async function eachComponent(
  browser: Browser,
  url: string,
  onPicture: OnPicture,
  only: string = '',
): Promise<void> {
  const visit = await openSteadyVisit(browser);
  const { page } = visit;
  await page.goto(url);
  for (const look of GALLERY_LOOKS) {
    await page.getByRole('radio', { name: look.direction ?? 'ltr' }).check();
    const whole = await takePicture(page, look, Infinity);
    for (const shown of SHOWN) {
      const name = pictureName(`gallery-${shown}`, look);
      if (!name.includes(only)) continue;
      const box = await page.locator(`#${shown}`).boundingBox();
      if (box === null) throw new Error(`The gallery does not show ${shown}.`);
      const [top, bottom] = [box.y, box.y + box.height].map((edge) => Math.round(edge / 2));
      await onPicture(name, async () => await Promise.resolve(crop(whole, top ?? 0, bottom ?? 0)));
    }
  }
  await visit.close();
}

async function inLooks(
  page: Page,
  what: string,
  looks: readonly Look[],
  onPicture: OnPicture,
  only: string,
): Promise<void> {
  for (const look of looks) {
    const name = pictureName(what, look);
    if (name.includes(only)) await onPicture(name, async () => await takePicture(page, look));
  }
}

/** Opens a page with the clock of this process, and without motion. */
async function openSteadyVisit(browser: Browser): ReturnType<typeof openVisit> {
  const visit = await openVisit(browser, { reducedMotion: 'reduce' });
  await visit.page.clock.install({ time: Date.now() });
  return visit;
}
