import assert from 'node:assert/strict';
import {
  addBundle,
  grantRight,
  handOver,
  restorePatient,
  revokeRight,
  rightFor,
  tellOrder,
  type GrantGiven,
} from '../../../src/client/index.ts';
import { readAfter } from '../../../demo/scenario/readAfter.ts';
import { fillForm } from '../../../src/fhir/index.ts';
import { seconds } from '../../../src/protocol/Clock.ts';
import { fhirValidator } from '../../src/fhir/fhirValidator.ts';
import common from '../../src/words/en/common.json' with { type: 'json' };
import forms from '../../src/words/en/forms.json' with { type: 'json' };
import orders from '../../src/words/en/orders.json' with { type: 'json' };
import { byKeyboard, focusedName } from '../byKeyboard.ts';
import { openDemoVisitor, type DemoVisitor } from '../demoVisitor.ts';
import { requireGood } from '../requireGood.ts';
import { untilSettled } from '../walkthrough.ts';
import type { Scene } from './Scene.ts';

const [PATIENT, DOCTOR, LABORATORY] = ['Ana Ferreira', 'Lena Brandt', 'Ines Duarte'];
const ORDER = 'Electrolytes';
const CONCLUSION = 'The ward was called.';
/** Times that a list is looked at again: another organisation’s node copies a log in its own time. */
const MOST_ROUNDS = 60;
const HOUR = 3600;

/**
 * By the keyboard alone, a laboratory finds an urgent order under “To do”, reads it, and answers it with two results, of
 * which one is critical. The doctor finds that one first and signs it off. The patient ends the laboratory’s right afterwards.
 */
export async function playLaboratory({ page, url }: Scene): Promise<void> {
  const patient = await openDemoVisitor(url, 'patient');
  await restorePatient(patient.party);
  const right = await order(url, patient);
  const keys = byKeyboard(page);
  const good = async (where: string): Promise<void> => {
    await untilSettled(page);
    await requireGood(page, where);
  };
  // The number of news stands beside the name.
  const openList = async (): Promise<void> => await keys.press(new RegExp(`^${orders.menu}`));
  const enter = async (organisation: string, called: string): Promise<void> => {
    await page.goto(`${url}/${organisation}/portal/`);
    await page.getByRole('button', { name: called }).waitFor();
    await untilSettled(page);
    await keys.press(new RegExp(called));
    await page.getByRole('button', { name: 'Lock' }).first().waitFor();
    await untilSettled(page);
    await openList();
    await untilShown();
  };
  const line = page.locator('main .cards > li', { hasText: ORDER });
  const untilShown = async (): Promise<void> => {
    for (let round = 0; round < MOST_ROUNDS; round++) {
      await page.getByRole('heading', { name: orders.title }).waitFor();
      await untilSettled(page);
      if ((await line.count()) > 0) return;
      await keys.press(common.refresh);
    }
    assert.fail('the order does not come');
  };

  await enter('laboratory', LABORATORY);
  await page.getByRole('heading', { name: `${orders['to-answer']} (1)` }).waitFor();
  await line.getByText('urgent').waitFor();
  await good('to do');
  await keys.press(new RegExp(`^${ORDER}`));
  await page.locator('.patient-banner .name', { hasText: PATIENT }).waitFor();
  await page.getByText(`Ordered by Dr. ${DOCTOR}`).waitFor();
  await good('the order');
  const sign = `Sign the report for ${PATIENT}`;
  await keys.press(sign);
  await page.locator('.field .error', { hasText: forms.nothing }).waitFor();
  await page.locator('input:focus[aria-invalid="true"]').waitFor();
  assert.match(await focusedName(page), /^Value/, 'the field that is empty has the focus');
  await page.keyboard.type('7.10');
  await keys.type('Unit', 'mmol/L');
  await keys.type('From', '3.5');
  await keys.type('To', '5.1');
  await keys.type('Compared with the reference range', 'critically high');
  const rows = page.locator('main fieldset');
  await keys.press(orders['add-result']);
  await rows.nth(1).locator('input:focus').waitFor();
  await page.keyboard.type('Sodium');
  assert.equal(await focusedName(page), 'Test', 'a new row has the focus');
  await keys.press(orders['add-result']);
  await rows.nth(2).locator('input:focus').waitFor();
  await keys.press(orders['remove-result'].replace('{number}', '3'));
  await rows.nth(1).locator('input:focus').waitFor();
  assert.equal(await rows.count(), 2);
  await keys.type('Value', '139');
  await keys.type('Unit', 'mmol/L');
  await keys.type('Conclusion', CONCLUSION);
  const signed = page.locator('main .signed');
  await signed.getByText('139 mmol/L').waitFor();
  assert.match(
    await signed.innerText(),
    /Electrolytes[^]*7\.10 mmol\/L[^]*3\.5 mmol\/L to 5\.1 mmol\/L[^]*critically high[^]*Sodium/,
  );
  await good('what is signed');
  await keys.press(sign);
  await page.getByText(orders.answered).waitFor();
  await page.getByText(orders['answered-by-you']).waitFor();
  assert.equal(await page.getByRole('button', { name: sign }).count(), 0);
  await good('answered');
  await openList();
  await page.getByText(orders.none).waitFor();

  await keys.press('Lock');
  await page.getByRole('button', { name: LABORATORY }).waitFor();
  await enter('hospital', DOCTOR);
  await line.getByText(orders.critical).waitFor();
  await good('to sign off');
  await keys.press(new RegExp(`^${ORDER}`));
  const sheet = page.locator('main .signed');
  await sheet.getByText('Confirmed by the organisations: Laboratory, laboratory.').waitFor();
  assert.match(await sheet.innerText(), /7\.10 mmol\/L[^]*139 mmol\/L/);
  assert.ok((await sheet.innerText()).includes(CONCLUSION));
  await good('what is signed off');
  await keys.press(`Sign off for ${PATIENT}`);
  await page.getByText(orders['signed-off-now']).waitFor();
  await good('signed off');
  await openList();
  await page.getByText(orders.none).waitFor();

  await revokeRight(patient.party, right.digest);
}

/** Has the patient share with the laboratory, and the doctor order there. The laboratory's organisation has the order afterwards, and the laboratory has not looked. */
async function order(
  url: string,
  { party: patient, handle = '0x' }: DemoVisitor,
): Promise<GrantGiven> {
  const { party: doctor } = await openDemoVisitor(url, 'doctor');
  // Opened first: what comes by the inbox later is for the device of the story.
  const { party: laboratory } = await openDemoVisitor(url, 'lab');
  const right = await grantRight(patient, {
    grantee: laboratory.address,
    categories: ['procedures', 'laboratory', 'reports'],
    actions: ['read', 'add'],
    purpose: 'TREAT',
    until: seconds(patient.clock) + HOUR,
  });
  await handOver(patient, right);
  const category = 'procedures';
  const found = await rightFor(doctor, { handle, action: 'add', category });
  assert.ok(found !== undefined);
  const { grant } = found;
  const at = seconds(doctor.clock);
  const values = {
    service: ORDER,
    ordered: new Date(at * 1000).toISOString().replace('.000Z', 'Z'),
    laboratory: laboratory.address,
    priority: 'urgent',
  };
  const bundle = fillForm('order', values, { handle, author: doctor.address, at });
  const { records } = await addBundle(doctor, {
    handle,
    bundle: fhirValidator().validateBundle(bundle),
    purpose: grant.terms.purpose,
    grant,
  });
  const [placed] = records;
  assert.ok(placed !== undefined);
  await tellOrder(doctor, { ...placed, handle, laboratory: laboratory.address });
  const wanted = { handle, grant: right.grant, purpose: 'TREAT' } as const;
  const { behind } = await readAfter(laboratory, wanted, [placed.acknowledgement]);
  assert.deepEqual(behind, []);
  return right;
}
