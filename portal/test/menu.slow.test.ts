import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Page } from 'playwright-core';
import { browserMissing } from '../../src/client/test/openBrowser.ts';
import { setStage } from './setStage.ts';
import { reachSight } from './sights.ts';
import { enterAs } from './walkthrough.ts';

async function currentIn(page: Page): Promise<readonly string[]> {
  return await page.locator('nav a[aria-current=page]').filter({ visible: true }).allInnerTexts();
}

describe('the menu', { skip: browserMissing }, () => {
  const stage = setStage();

  it('marks the entry that one is on; on a phone it marks More if the entry stands there', async () => {
    const visit = await stage.visit({ viewport: { width: 390, height: 844 } });
    const { page } = visit;
    await enterAs(page, stage.url, 'hospital', 'Ana Ferreira');
    await reachSight(page, { name: 'own prescriptions', path: '/prescriptions' });
    assert.deepEqual(await currentIn(page), ['More']);
    await page.setViewportSize({ width: 1280, height: 900 });
    await page.locator('nav a[aria-current=page]', { hasText: 'Prescriptions' }).waitFor();
    assert.deepEqual(await currentIn(page), ['Prescriptions']);
    await page.setViewportSize({ width: 390, height: 844 });
    await reachSight(page, { name: 'records', path: '/records' });
    assert.deepEqual(await currentIn(page), ['Records']);
    await visit.close();
  });
});
