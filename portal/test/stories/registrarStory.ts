import assert from 'node:assert/strict';
import { readLife, reportDeath, signUndoing, undoVital } from '../../../src/client/index.ts';
import { seconds } from '../../../src/protocol/Clock.ts';
import type { Death } from '../../../src/protocol/care/vitalRecords.ts';
import medicines from '../../src/words/en/medicines.json' with { type: 'json' };
import vital from '../../src/words/en/vital.json' with { type: 'json' };
import { byKeyboard, focusedName } from '../byKeyboard.ts';
import { openDemoVisitor } from '../demoVisitor.ts';
import { requireGood } from '../requireGood.ts';
import { untilSettled } from '../walkthrough.ts';
import type { Scene } from './Scene.ts';

const WHO = 'Teodor Lindqvist';
const CONTENT = `0x${'5a'.repeat(32)}` as const;

/**
 * By the keyboard alone, a registrar finds on the first screen the death that a doctor reported, reads the report, confirms
 * it and is back in the queue. Both undo it afterwards, so that the next registrar finds nothing.
 */
export async function playRegistrar({ page, url }: Scene): Promise<void> {
  const { party: doctor } = await openDemoVisitor(url, 'doctor');
  const { party: registrar } = await openDemoVisitor(url, 'registrar');
  const { handle } = await openDemoVisitor(url, 'patient-2');
  assert.ok(handle !== undefined);
  let report: Death | undefined;
  await reportDeath(doctor, {
    handle,
    content: CONTENT,
    at: seconds(doctor.clock) - 86_400,
    keep: async (signed) => {
      report = signed;
      await Promise.resolve();
    },
  });
  const keys = byKeyboard(page);
  const good = async (where: string): Promise<void> => {
    await untilSettled(page);
    await requireGood(page, where);
  };
  await page.goto(`${url}/laboratory/portal/`);
  await page.getByRole('button', { name: 'Aino Salo' }).waitFor();
  await untilSettled(page);
  await keys.press(/Aino Salo/);
  const heading = page.getByRole('heading', { name: vital.waits });
  await heading.getByText('(1)').waitFor();
  await page.getByText(/^Since /).waitFor();
  await good('the desk');
  await keys.press(new RegExp(`^Death of ${WHO}`));
  await page.getByRole('heading', { name: `Death of ${WHO}` }).waitFor();
  assert.equal(await page.getByRole('button', { name: vital['confirm-death'] }).count(), 0);
  await keys.tabTo(medicines.text);
  await page.keyboard.insertText(JSON.stringify(report));
  await keys.press(vital['report-read']);
  await page.locator('main .signed').getByText(`${WHO} died on `).waitFor();
  await good('what is signed');
  await keys.press(vital['confirm-death']);
  await page.getByText(`Done: Death of ${WHO}`).waitFor();
  await heading.getByText('(0)').waitFor();
  await page
    .getByText(/^This death is recorded: reported by /)
    .first()
    .waitFor();
  assert.match(await focusedName(page), new RegExp(`^${vital.waits}`));
  await good('the queue again');
  assert.equal((await readLife(registrar, handle)).death.stage, 'confirmed');

  const undoing = await signUndoing(doctor, {
    what: 'death',
    handle,
    content: CONTENT,
    reason: 'Seen alive.',
    second: registrar.address,
    within: 86_400,
  });
  await undoVital(registrar, undoing);
}
