import assert from 'node:assert/strict';
import {
  addRecord,
  checkInbox,
  grantRight,
  handOver,
  noteContacts,
  restorePatient,
  revokeRight,
} from '../../../src/client/index.ts';
import { utf8ToBytes } from '../../../src/crypto/bytes.ts';
import { failsWith } from '../../../src/protocol/test/failsWith.ts';
import { seconds } from '../../../src/protocol/Clock.ts';
import add from '../../src/words/en/add.json' with { type: 'json' };
import chart from '../../src/words/en/chart.json' with { type: 'json' };
import medicines from '../../src/words/en/medicines.json' with { type: 'json' };
import orders from '../../src/words/en/orders.json' with { type: 'json' };
import patients from '../../src/words/en/patients.json' with { type: 'json' };
import { byKeyboard, focusedName } from '../byKeyboard.ts';
import { enrolVisitor, openDemoVisitor } from '../demoVisitor.ts';
import { requireGood } from '../requireGood.ts';
import { reachSight } from '../sights.ts';
import { untilCounted, untilSettled } from '../walkthrough.ts';
import { enterByWords } from './enterByWords.ts';
import type { Scene } from './Scene.ts';

const NOTE = 'Ate half of the lunch, walked to the window twice.';
const HOUR = 3600;

/**
 * By the keyboard alone, a nurse opens the chart of the patient who shared with the ward, enters vital signs by the form and a
 * note, and orders and prescribes nothing: she has no form and no page for it, and the nodes take no medicine from her. The patient ends the right afterwards.
 */
export async function playNurse({ page, url }: Scene): Promise<void> {
  const { party: patient, handle = '0x' } = await openDemoVisitor(url, 'patient');
  const { party: nurse, seed } = await enrolVisitor(url, {
    role: 'nurse',
    organisation: 'hospital',
  });
  await restorePatient(patient);
  await noteContacts(nurse, [{ party: patient.address, name: 'Ana Ferreira', handle }]);
  // Tells the device of the story.
  await checkInbox(nurse);
  const right = await grantRight(patient, {
    grantee: nurse.address,
    categories: ['demographics', 'allergies', 'vitals', 'reports', 'procedures'],
    actions: ['read', 'add'],
    purpose: 'TREAT',
    until: seconds(patient.clock) + HOUR,
  });
  await handOver(patient, right);
  const keys = byKeyboard(page);
  const good = async (where: string): Promise<void> => {
    await untilSettled(page);
    await requireGood(page, where);
  };
  await enterByWords(page, keys, { url, seed, called: 'Ward 5' });
  await page.getByText('Until ').first().waitFor();
  await good('patients');
  const menu = page.getByRole('navigation').first();
  for (const name of [orders.menu, medicines.menu]) {
    assert.equal(await menu.getByRole('link', { name, exact: true }).count(), 0, name);
  }
  await keys.press(/^Ana Ferreira/);
  await untilCounted(page);
  await page.getByText(chart['not-covered']).first().waitFor();
  await good('a chart');

  await keys.press(chart['tab-add']);
  await page.getByLabel(chart.note, { exact: true }).waitFor();
  await untilSettled(page);
  const kinds = page.getByRole('group', { name: add.what }).getByRole('button');
  const offered = [add['what-note'], add['what-allergy'], add['what-vital-signs']];
  assert.deepEqual(await kinds.allInnerTexts(), offered, 'a nurse orders nothing');
  assert.equal(await page.getByRole('link', { name: medicines.prescribe }).count(), 0);
  await keys.press(add['what-vital-signs']);
  await page.locator('main form').waitFor();
  await keys.type('Systolic blood pressure (mmHg)', '118');
  await keys.type('Diastolic blood pressure (mmHg)', '76');
  await keys.type('Heart rate (/min)', '68');
  await keys.type('Body temperature (°C)', '73');
  await keys.press(chart.add);
  await page.locator('.field .error', { hasText: 'At most 46.' }).waitFor();
  await page.locator('input:focus[aria-invalid="true"]').waitFor();
  assert.match(await focusedName(page), /^Body temperature/, 'the wrong field has the focus');
  await good('a wrong value');
  await page.keyboard.press('ControlOrMeta+a');
  await page.keyboard.type('36,8');
  const signed = page.locator('main .signed');
  await signed.getByText('36.8 °C').waitFor();
  assert.match(await signed.innerText(), /118 \/ 76 mmHg/);
  await good('what is signed');
  await keys.press(chart.add);
  await page.getByText('“Vital signs” is on the chart.').waitFor();
  await untilCounted(page);

  await keys.press(add['what-note']);
  await keys.type(chart.note, NOTE);
  await keys.type(add.called, 'Round');
  await keys.press(chart.add);
  await page.getByText('“Round” is on the chart.').waitFor();
  await untilCounted(page);
  await keys.press(chart['tab-glance']);
  await page.locator('.vitals').getByText('118 / 76 mmHg').waitFor();
  await good('at a glance');

  // Whoever types the address of a page of another role is at their own first one.
  for (const path of [`/prescribe/${handle}`, '/todo']) {
    await reachSight(page, { name: path, path });
    await page.getByRole('heading', { name: patients.title }).waitFor();
  }
  const own = { handle, grant: right.grant, purpose: 'TREAT' } as const;
  await assert.rejects(
    addRecord(nurse, { ...own, category: 'medications', content: utf8ToBytes(NOTE) }),
    failsWith('RIGHT_MISSING'),
  );
  await revokeRight(patient, right.digest);
}
