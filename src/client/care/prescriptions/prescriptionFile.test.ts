import assert from 'node:assert/strict';
import { after, before, it } from 'node:test';
import {
  BEGIN,
  startCare,
  startTestNetwork,
  type Care,
  type TestNetwork,
} from '../../../node/test/testNetwork.ts';
import { failsWith } from '../../../protocol/test/failsWith.ts';
import { directionsIn, parsePrescriptionFile, prescriptionFileOf } from './prescriptionFile.ts';
import { signOrder } from './test/prescribe.ts';

let network: TestNetwork;
let care: Care;

before(async () => {
  network = await startTestNetwork({ cared: true, further: ['prescriptions'] });
  care = await startCare(network);
});
after(async () => await network.close());

// @actor a prescriber, or whoever hands the file over | lets the second doctor sign directions that were not shown, or others than are signed
it('a second doctor reads the directions whose hash the prescriber signed, and no others', async () => {
  const signed = await signOrder(care.doctor, {
    handle: care.handle,
    grant: care.right.grant,
    purpose: 'TREAT',
    medicine: 'Morphine 10 mg tablets',
    unit: 'tablet',
    dosage: 'One in the evening',
    amount: 10,
    fills: 1,
    interval: 0,
    from: BEGIN,
    until: BEGIN + 86_400,
    controlled: true,
    second: care.stranger.address,
  });
  const file = prescriptionFileOf(signed);
  const other = { ...signed.order, dosageInstruction: [{ text: 'Six at once' }] };
  for (const order of [other, {}, null, { ...signed.order, note: [{ text: 'x' }] }]) {
    assert.throws(
      () => parsePrescriptionFile(care.stranger, JSON.stringify({ ...file, order })),
      failsWith('ARGUMENT_INVALID'),
    );
  }
  for (const text of ['', '{}', JSON.stringify({ ...file, format: 'medseal-prescription/0' })]) {
    assert.throws(() => parsePrescriptionFile(care.stranger, text), failsWith('ARGUMENT_INVALID'));
  }
  const read = parsePrescriptionFile(care.stranger, JSON.stringify(file));
  assert.equal(directionsIn(read.order), 'One in the evening');
});

// @actor a prescriber with a program of their own | signs directions of another form, so that pharmacist and second doctor see a fault in place of the prescription
it('directions of any form are read without a fault', () => {
  for (const dosageInstruction of [{}, 'One', 5, null, [null], [7, 'x'], [{ text: {} }]]) {
    const order = { resourceType: 'MedicationRequest', dosageInstruction };
    assert.equal(directionsIn(order), '');
  }
  const order = { dosageInstruction: [null, { text: 'One at noon' }, {}, { text: 'with food' }] };
  assert.equal(directionsIn(order), 'One at noon; with food');
  assert.equal(directionsIn({ dosageInstruction: { text: 'One' } }), 'One');
});
