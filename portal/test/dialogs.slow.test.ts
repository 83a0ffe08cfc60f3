import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { browserMissing } from '../../src/client/test/openBrowser.ts';
import { axeFaults } from './axeFaults.ts';
import { setStage } from './setStage.ts';
import { comeAs, leaveSight, reachSight, SEERS } from './sights.ts';

/** Roles with a question in front of a screen, and the sights up to it. */
const ASKED = SEERS.filter(({ sights }) => sights.some(({ isDialog }) => isDialog));

describe('every question in front of a screen', { skip: browserMissing }, () => {
  const stage = setStage({ wearable: true });
  for (const [width, colorScheme] of [
    [1280, 'light'],
    [390, 'dark'],
  ] as const) {
    it(`has no fault of accessibility and fits at ${width} px, ${colorScheme}`, async () => {
      for (const seer of ASKED) {
        const visit = await stage.visit({ viewport: { width, height: 844 }, colorScheme });
        const { page } = visit;
        await comeAs(page, stage.url, seer);
        for (const [at, sight] of seer.sights.entries()) {
          // Whatever goes on from the sight before needs that one.
          const next = seer.sights[at + 1];
          if (sight.isDialog !== true && next?.isDialog !== true) continue;
          await reachSight(page, sight);
          if (sight.isDialog !== true) continue;
          assert.equal(await page.getByRole('dialog').count(), 1, sight.name);
          assert.deepEqual(await axeFaults(page), [], sight.name);
          const fits = await page.locator('dialog').evaluate((dialog) => {
            const { left, right, top, bottom } = dialog.getBoundingClientRect();
            return left >= 0 && top >= 0 && right <= innerWidth && bottom <= innerHeight;
          });
          assert.ok(fits, `${sight.name} is larger than the screen`);
          await leaveSight(page, sight);
        }
        assert.deepEqual(visit.complaints, []);
        await visit.close();
      }
    });
  }
});
