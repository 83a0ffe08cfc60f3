import assert from 'node:assert/strict';
import { restorePatient, submitClaim, withdrawClaim } from '../../../src/client/index.ts';
import type { Bytes32 } from '../../../src/protocol/ids.ts';
import claims from '../../src/words/en/claims.json' with { type: 'json' };
import common from '../../src/words/en/common.json' with { type: 'json' };
import desk from '../../src/words/en/desk.json' with { type: 'json' };
import { byKeyboard, focusedName } from '../byKeyboard.ts';
import { arrived, claimOf } from '../claimsMade.ts';
import { openDemoVisitor } from '../demoVisitor.ts';
import { requireGood } from '../requireGood.ts';
import { untilSettled } from '../walkthrough.ts';
import type { Scene } from './Scene.ts';

/**
 * By the keyboard alone, an insurer finds on the first screen the claims that wait, asks for more about the one that is due
 * first, and is back in the queue, where the next one has the focus. The patient takes both back, so that the next time only new ones wait.
 */
export async function playInsurerDesk({ page, url }: Scene): Promise<void> {
  const person = await openDemoVisitor(url, 'patient');
  const { party: insurer } = await openDemoVisitor(url, 'insurer-2');
  // In advance: a treatment is claimed once.
  const askAhead = async (units: number): Promise<Bytes32> => {
    const wanted = await claimOf(url, person, insurer.address, 0, units);
    const { treatment: _treatment, bill: _bill, ...ahead } = wanted;
    return (await submitClaim(person.party, ahead)).digest;
  };
  await restorePatient(person.party);
  const first = await askAhead(3_100);
  const later = await askAhead(4_200);
  await arrived(url, 'insurer-2');
  const keys = byKeyboard(page);
  const good = async (where: string): Promise<void> => {
    await untilSettled(page);
    await requireGood(page, where);
  };
  await page.goto(`${url}/laboratory/portal/`);
  await page.getByRole('button', { name: 'Clara Moreau' }).waitFor();
  await untilSettled(page);
  await keys.press(/Clara Moreau/);
  const heading = page.getByRole('heading', { name: desk['waits-for-you'] });
  await heading.getByText('(2)').waitFor();
  await page
    .getByText(/^Since .* · due /)
    .first()
    .waitFor();
  await good('the desk');
  await keys.press(/^31\.00 for Ana Ferreira/);
  await page.getByText('Nothing was altered: ').waitFor();
  await good('a claim with its papers');
  await keys.tabTo(claims['decide-approve']);
  await page.keyboard.press('ArrowUp');
  assert.equal(await page.getByLabel(claims['decide-ask'], { exact: true }).isChecked(), true);
  await keys.type(claims.words, 'Please show the results.');
  await keys.press(common.next);
  await page.getByText(/^You ask Ana Ferreira for more /).waitFor();
  await good('what is signed');
  await keys.press(claims['sign-ask']);
  await page.getByText('Done: 31.00 for Ana Ferreira').waitFor();
  await heading.getByText('(1)').waitFor();
  await page
    .getByText(/^You asked for more\./)
    .first()
    .waitFor();
  assert.match(await focusedName(page), /^42\.00 for Ana Ferreira/);
  await good('the queue again');
  for (const digest of [first, later]) await withdrawClaim(person.party, digest);
}
