import assert from 'node:assert/strict';
import { byKeyboard } from '../byKeyboard.ts';
import { requireGood } from '../requireGood.ts';
import { untilSettled } from '../walkthrough.ts';
import type { Scene } from './Scene.ts';

/** By the keyboard alone, an operator sees without a key, one press after the way in, that the copies of each log are alike. */
export async function playOperator({ page, url }: Scene): Promise<void> {
  await page.goto(`${url}/hospital/portal/`);
  await untilSettled(page);
  await byKeyboard(page).press(/^For operators/);
  await page.getByRole('table').waitFor();
  await untilSettled(page);
  await page.getByText('All copies that answered are alike.').waitFor();
  for (const log of ['care/hospital', 'care/laboratory', 'care/insurer']) {
    const row = page.getByRole('row').filter({ hasText: log });
    assert.equal(await row.getByText('✓ complete').count(), 3, log);
  }
  await requireGood(page, 'how the node stands');
}
