import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import {
  BEGIN,
  behind,
  startCare,
  startTestNetwork,
  type Care,
  type TestNetwork,
} from '../../../node/test/testNetwork.ts';
import { checkInbox } from '../inbox/checkInbox.ts';
import type { Party } from '../../party/Party.ts';
import { readChart } from '../../records/readChart.ts';
import { addDispenses } from './addDispenses.ts';
import { dispense } from './dispense.ts';
import { prescribe } from './test/prescribe.ts';
import { readPrescriptions, type PrescriptionListed } from './readPrescriptions.ts';

let network: TestNetwork;
let care: Care;
let pharmacist: Party;

before(async () => {
  network = await startTestNetwork({ cared: true, further: ['prescriptions'] });
  care = await startCare(network);
  pharmacist = await network.party('pharmacist', { organisation: 'laboratory' });
});
after(async () => await network.close());

/** A prescription on the patient's chart, with its slip. */
async function issued(medicine: string): Promise<PrescriptionListed> {
  const { digest } = await prescribe(care.doctor, {
    handle: care.handle,
    grant: care.right.grant,
    purpose: 'TREAT',
    medicine,
    unit: 'capsule',
    dosage: 'One capsule three times a day',
    amount: 30,
    fills: 2,
    interval: 0,
    from: BEGIN,
    until: BEGIN + 86_400,
  });
  const chart = await readChart(care.patient, { handle: care.handle, purpose: 'PATRQT' });
  const { prescriptions: all } = await readPrescriptions(care.patient, chart);
  return all.find((each) => each.digest === digest) ?? assert.fail('not listed');
}

/** Amounts that came to the chart by one call. */
async function added(
  party: Party,
  prescriptions: readonly PrescriptionListed[],
): Promise<readonly unknown[]> {
  return (await addDispenses(party, prescriptions)).map(({ quantity }) => quantity?.value);
}

describe('a dispense that a letter told of', () => {
  it('waits while its prescription is not among those of the chart that was given', async () => {
    const [one, other] = [await issued('Amoxicillin 500 mg'), await issued('Ibuprofen 400 mg')];
    await dispense(pharmacist, one.slip ?? assert.fail(), { amount: 3 });
    await dispense(pharmacist, other.slip ?? assert.fail(), { amount: 4 });
    await checkInbox(care.patient);
    assert.deepEqual(await added(care.patient, []), []);
    assert.deepEqual(await added(care.patient, [one]), [3]);
    assert.deepEqual(await added(care.patient, [one, other]), [4]);
    assert.deepEqual(await added(care.patient, [one, other]), []);
  });

  // @actor a second tab, or a chart read a moment ago, while dispenses go to the chart | has a dispense that came meanwhile, or whose prescription the list lacks, lost for good
  it('waits if it came while others were added', async () => {
    const listed = await issued('Cefuroxime 250 mg');
    const slip = listed.slip ?? assert.fail();
    await dispense(pharmacist, slip, { amount: 5 });
    await checkInbox(care.patient);
    let isOpen = true;
    const { agent } = care.patient;
    const submit: typeof agent.submit = async (submissions) => {
      if (isOpen) {
        isOpen = false;
        await dispense(pharmacist, slip, { amount: 6 });
        await checkInbox(care.patient);
      }
      return await agent.submit(submissions);
    };
    const slow = behind(care.patient, { submit });
    assert.deepEqual(await added(slow, [listed]), [5]);
    assert.deepEqual(await added(care.patient, [listed]), [6]);
  });
});
