import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import type { Page } from 'playwright-core';
import { browserMissing } from '../../src/client/test/openBrowser.ts';
import { forcedColorFaults } from './forcedColorFaults.ts';
import { reflowFaults } from './reflowFaults.ts';
import { setStage } from './setStage.ts';
import { comeAs, leaveSight, reachSight, SEERS } from './sights.ts';
import { untilSettled } from './walkthrough.ts';

/** A folder for pictures of the screens; absent if nobody wants them. */
const SHOTS = process.env['SHOTS'];
const WIDE = { width: 1280, height: 900 };

/**
 * Each way in which somebody sees a screen larger: the whole page twice as large, which leaves it half the width, or text alone;
 * and four times as large, which is tried at what each person sees first, since the frame is what it leaves no room for.
 */
const LARGER = {
  '200 %': { viewport: { width: 640, height: 450 }, text: '' },
  'text of 200 %': { viewport: { width: 390, height: 844 }, text: '200%' },
  '400 %': { viewport: { width: 320, height: 256 }, text: '' },
} as const;
/** Pixels of a bar of one row, at most. */
const ONE_ROW = 60;

async function sizeText(page: Page, text: string): Promise<void> {
  await page.evaluate((size) => (document.documentElement.style.fontSize = size), text);
}

async function shoot(page: Page, name: string): Promise<void> {
  if (SHOTS === undefined) return;
  await page.screenshot({ path: join(SHOTS, `${name.replaceAll(/[^a-z0-9]+/g, '-')}.png`) });
}

describe('every sight', { skip: browserMissing }, () => {
  const stage = setStage({ wearable: true });

  for (const seer of SEERS) {
    it(`of the ${seer.name} loses nothing at 200 % and 400 %, with text of 200 % on a phone, and in forced colours`, async () => {
      const visit = await stage.visit({ viewport: WIDE });
      const { page } = visit;
      await comeAs(page, stage.url, seer);
      const faults: string[] = [];
      for (const sight of seer.sights) {
        await reachSight(page, sight);
        const forced = await forcedColorFaults(page);
        faults.push(...forced.map((fault) => `${sight.name}, forced colours: ${fault}`));
        if (SHOTS !== undefined) {
          await page.emulateMedia({ forcedColors: 'active' });
          await shoot(page, `forced-${seer.name}-${sight.name}`);
          await page.emulateMedia({ forcedColors: 'none' });
        }
        for (const [how, { viewport, text }] of Object.entries(LARGER)) {
          const isFirst = how === '400 %';
          if (isFirst && sight !== seer.sights[0]) continue;
          await page.setViewportSize(viewport);
          await sizeText(page, text);
          await untilSettled(page);
          const larger = await reflowFaults(page);
          faults.push(...larger.map((fault) => `${sight.name}, ${how}: ${fault}`));
          const { height = 0 } = (await page.locator('header .brand').boundingBox()) ?? {};
          if (isFirst && height > ONE_ROW) faults.push(`${how}: the bar has ${height} px`);
          await shoot(page, `${how}-${seer.name}-${sight.name}`);
        }
        await sizeText(page, '');
        await page.setViewportSize(WIDE);
        await untilSettled(page);
        await leaveSight(page, sight);
      }
      assert.deepEqual(faults, []);
      await visit.close();
    });
  }
});
