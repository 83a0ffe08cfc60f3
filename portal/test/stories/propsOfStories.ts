import assert from 'node:assert/strict';
import {
  addRecord,
  checkInbox,
  formatSlip,
  issuePrescription,
  noteContacts,
  readChart,
  readPrescriptions,
  restorePatient,
  reviewOrder,
  rightFor,
} from '../../../src/client/index.ts';
import { utf8ToBytes } from '../../../src/crypto/bytes.ts';
import { seconds } from '../../../src/protocol/Clock.ts';
import { canonicalJson } from '../../../src/protocol/wire/canonicalJson.ts';
import { openDemoVisitor } from '../demoVisitor.ts';
import type { Scene } from './Scene.ts';

/**
 * Has a doctor prescribe for a patient and write to the chart, without a browser.
 *
 * @param url - Address of the node.
 * @returns The prescription as the patient shows it, and what the node acknowledged of the note.
 */
export async function propsOfStories(url: string): Promise<Pick<Scene, 'slip' | 'proof'>> {
  const { party: doctor } = await openDemoVisitor(url, 'doctor');
  const { party: patient, handle } = await openDemoVisitor(url, 'patient');
  assert.ok(handle !== undefined);
  // A device on which the doctor enters by the words knows her by this.
  await noteContacts(doctor, [{ party: patient.address, name: 'Ana Ferreira', handle }]);
  await checkInbox(doctor);
  const category = 'medications';
  const found = await rightFor(doctor, { handle, action: 'add', category });
  assert.ok(found !== undefined);
  const right = { handle, grant: found.grant, purpose: found.grant.terms.purpose };
  const from = seconds(doctor.clock);
  const order = {
    ...right,
    medicine: 'Amoxicillin 500 mg capsules',
    unit: 'capsules',
    dosage: 'One capsule three times a day',
    amount: 21,
    fills: 1,
    interval: 0,
    from,
    until: from + 30 * 86_400,
  };
  const review = await reviewOrder(doctor, order);
  await issuePrescription(doctor, review, 'The patient has taken it before.');
  const content = utf8ToBytes('Cough since Monday.');
  const { acknowledgement } = await addRecord(doctor, { ...right, category, content });
  await restorePatient(patient);
  const chart = await readChart(patient, { handle, purpose: 'PATRQT' });
  const { prescriptions } = await readPrescriptions(patient, chart);
  const listed = prescriptions.find(({ message }) => message.terms.medicine === order.medicine);
  assert.ok(listed?.slip !== undefined);
  return { slip: formatSlip(listed.slip), proof: canonicalJson(acknowledgement) };
}
