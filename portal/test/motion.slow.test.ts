import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Page } from 'playwright-core';
import { browserMissing } from '../../src/client/test/openBrowser.ts';
import { movingParts } from './movingParts.ts';
import { setStage } from './setStage.ts';
import { comeAs, reachSight, SEERS } from './sights.ts';

/** Sights of a person each: those with lists, filters, forms and a question. */
const LOOKED: Readonly<Record<string, readonly string[]>> = {
  visitor: ['enter', 'explorer'],
  patient: ['home', 'records', 'sharing', 'share-who'],
  doctor: ['patients', 'chart', 'chart-6', 'form-allergy'],
};

const MOVED = 'progress is a bar that the browser moves';

/** Runs something while a page has what stands on it for a moment only: news, and a wait of unknown length. */
async function withPassing<Result>(page: Page, run: () => Promise<Result>): Promise<Result> {
  await page.evaluate(() => {
    const [news, wait] = [document.createElement('div'), document.createElement('div')];
    news.className = 'toast passing';
    wait.className = 'wait passing';
    wait.append(document.createElement('progress'));
    document.body.append(news, wait);
  });
  const result = await run();
  await page.evaluate(() => {
    for (const each of document.querySelectorAll('.passing')) each.remove();
  });
  return result;
}

describe('motion', { skip: browserMissing }, () => {
  const stage = setStage();

  it('stops on ten sights for a person who asks for that', async () => {
    for (const seer of SEERS) {
      const sights = seer.sights.filter(({ name }) => LOOKED[seer.name]?.includes(name));
      if (sights.length === 0) continue;
      const visit = await stage.visit({ reducedMotion: 'reduce' });
      const { page } = visit;
      await comeAs(page, stage.url, seer);
      const look = async (): Promise<readonly string[]> =>
        await withPassing(page, async () => await movingParts(page));
      for (const sight of sights) {
        await reachSight(page, sight);
        assert.deepEqual(await look(), [], `${seer.name}, ${sight.name}`);
      }
      await page.emulateMedia({ reducedMotion: 'no-preference' });
      const moving = await look();
      for (const part of ['.button has a transition', '.toast has an animation', MOVED]) {
        assert.ok(moving.includes(part), `${part}, and this test sees it: ${moving.join()}`);
      }
      await visit.close();
    }
  });
});
