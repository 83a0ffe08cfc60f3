import claims from '../../src/words/en/claims.json' with { type: 'json' };
import verify from '../../src/words/en/verify.json' with { type: 'json' };
import { requireGood } from '../requireGood.ts';
import { enterAs, openScreen, untilSettled } from '../walkthrough.ts';
import type { Scene } from './Scene.ts';

/**
 * A verifier looks for disputes to judge, sees that a proof is safe and that one with another time is not, and examines a log
 * against the ledger and its copies.
 */
export async function playVerifier({ page, url, proof }: Scene): Promise<void> {
  await enterAs(page, url, 'laboratory', 'David Osei');
  await page.getByText(claims['none-to-judge']).waitFor();
  await requireGood(page, 'disputes');
  await openScreen(page, verify.menu);
  const field = page.getByLabel('Evidence');
  const give = async (name: string, text: string): Promise<void> => {
    await field.setInputFiles({ name, mimeType: 'application/json', buffer: Buffer.from(text) });
  };
  await give('proof.json', proof);
  await page.getByText(new RegExp(`^${verify.safe} · `)).waitFor();
  await requireGood(page, 'a proof that is safe');
  await give(
    'altered.json',
    proof.replace(/(?<="at":)\d+/, (at) => String(Number(at) - 1)),
  );
  await page.getByText(verify['unsafe-advice']).waitFor();
  await requireGood(page, 'a proof that is not');
  await openScreen(page, 'Network');
  await requireGood(page, 'the network');
  await page.getByRole('link', { name: 'care/hospital' }).click();
  await page.getByRole('button', { name: 'Examine this log now' }).click();
  await page.getByText('Compared with: the ledger, laboratory, insurer.').waitFor();
  await page.locator('.notice.good').getByText('Safe').waitFor();
  await untilSettled(page);
  await requireGood(page, 'the log');
}
