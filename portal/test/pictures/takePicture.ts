import type { Page } from 'playwright-core';
import { halve } from './halve.ts';
import type { Look } from './looks.ts';
import type { Picture } from './Picture.ts';
import { readPng } from './readPng.ts';
import { whileSteady } from './whileSteady.ts';

/** Height of the window in which a screen is reached, and the most that a picture of it has, in pixels. */
const [HEIGHT, HIGHEST] = [844, 1600];

/**
 * Takes a picture of what a page shows, half as large, without what differs from run to run.
 *
 * @param page - The page, settled.
 * @param look - Window and colours, which the page has afterwards.
 * @param highest - The most of the page that the picture has, in pixels.
 */
export async function takePicture(
  page: Page,
  { width, colorScheme }: Look,
  highest: number = HIGHEST,
): Promise<Picture> {
  await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
  await page.setViewportSize({ width, height: HEIGHT });
  return await whileSteady(page, async () => {
    // A bar at the lower edge of the window stands at the end of the picture, not in the middle of it.
    const whole = await page.evaluate(() => document.documentElement.scrollHeight);
    await page.setViewportSize({ width, height: Math.min(whole, highest) });
    await page.evaluate(() => scrollTo(0, 0));
    return halve(readPng(await page.screenshot()));
  });
}
