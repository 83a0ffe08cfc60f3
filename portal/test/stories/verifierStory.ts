import claims from '../../src/words/en/claims.json' with { type: 'json' };
import verify from '../../src/words/en/verify.json' with { type: 'json' };
import { byKeyboard } from '../byKeyboard.ts';
import { requireGood } from '../requireGood.ts';
import { untilSettled } from '../walkthrough.ts';
import { enterByKeys, openByKeys } from './byMenu.ts';
import type { Scene } from './Scene.ts';

/**
 * By the keyboard alone, a verifier looks for disputes to judge, sees that a proof is safe and that one with another time is not, and examines a log
 * against the ledger and its copies.
 */
export async function playVerifier({ page, url, proof }: Scene): Promise<void> {
  const keys = byKeyboard(page);
  await enterByKeys(page, keys, `${url}/laboratory`, 'David Osei');
  await page.getByText(claims['none-to-judge']).waitFor();
  await requireGood(page, 'disputes');
  await openByKeys(page, keys, verify.menu);
  const give = async (name: string, text: string): Promise<void> => {
    await keys.give(/^Evidence/, {
      name,
      mimeType: 'application/json',
      buffer: Buffer.from(text),
    });
  };
  await give('proof.json', proof);
  await page.getByText(new RegExp(`^${verify.safe} · `)).waitFor();
  await requireGood(page, 'a proof that is safe');
  await give(
    'altered.json',
    proof.replace(/(?<="at":)\d+/, (at) => String(Number(at) - 1)),
  );
  await page.getByText(new RegExp(`^${verify.unsafe} · `)).waitFor();
  await page.getByText(verify['unsafe-advice']).waitFor();
  await requireGood(page, 'a proof that is not');
  await openByKeys(page, keys, 'Network');
  await requireGood(page, 'the network');
  await keys.press('care/hospital');
  await page.getByRole('button', { name: 'Examine this log now' }).waitFor();
  await untilSettled(page);
  await keys.press('Examine this log now');
  await page.getByText('Compared with: the ledger, laboratory, insurer.').waitFor();
  await page.locator('.notice.good').getByText('Safe').waitFor();
  await untilSettled(page);
  await requireGood(page, 'the log');
}
