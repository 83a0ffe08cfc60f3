import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Page } from 'playwright-core';
import { browserMissing } from '../../src/client/test/openBrowser.ts';
import { setStage } from './setStage.ts';
import { untilSettled } from './walkthrough.ts';

const COPY = '**/insurer/v1/checkpoints/care/hospital';

describe('how a node stands, as anybody may see it', { skip: browserMissing }, () => {
  const stage = setStage();

  /** Comes by the link of the page on which people enter. */
  async function arrive(page: Page): Promise<void> {
    await page.goto(`${stage.url}/hospital/portal/`);
    await untilSettled(page);
    await page.getByRole('link', { name: 'For operators' }).click();
    await page.getByRole('table').waitFor();
    await untilSettled(page);
  }

  it('names the organisation whose copy has another root than was signed', async () => {
    const visit = await stage.visit();
    await visit.page.route(COPY, async (route) => {
      const answer = await route.fetch();
      const checkpoint = (await answer.json()) as Record<string, unknown>;
      await route.fulfill({
        response: answer,
        json: { ...checkpoint, root: `0x${'ab'.repeat(32)}` },
      });
    });
    await arrive(visit.page);
    await visit.page
      .getByRole('alert')
      .getByText('signatures do not hold. Keep the checkpoints')
      .waitFor();
    const row = visit.page.getByRole('row').filter({ hasText: 'care/hospital' });
    assert.match(await row.locator('td').last().innerText(), /signatures do not hold/);
    assert.equal(await row.getByText('✓ complete').count(), 2);
    await visit.close();
  });

  it('does not call copies alike when one does not answer', async () => {
    const visit = await stage.visit();
    await visit.page.route(COPY, async (route) => await route.abort());
    await arrive(visit.page);
    await visit.page.getByText('Some copies could not be compared.').waitFor();
    assert.equal(await visit.page.getByText('All copies that answered are alike.').count(), 0);
    await visit.close();
  });
});
