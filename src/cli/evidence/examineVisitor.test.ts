import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { lyingTo } from '../../client/test/lyingTo.ts';
import { readPatientState } from '../../client/state/PatientState.ts';
import {
  startCare,
  startTestNetwork,
  type Care,
  type TestNetwork,
} from '../../node/test/testNetwork.ts';
import { acknowledgedBy, submissionOf, writeOf } from '../../node/test/requests.ts';
import { examineVisitor } from './examineVisitor.ts';

let network: TestNetwork;
let care: Care;

before(async () => {
  network = await startTestNetwork({ cared: true });
  care = await startCare(network);
  const write = await writeOf(care, { category: 'laboratory' });
  await acknowledgedBy(care.doctor, submissionOf(care, 'Write', write));
  await network.checkpoint();
});
after(async () => await network.close());

/** Authors of the entries that a visitor is shown. */
async function authors(party: Care['patient']): Promise<ReadonlySet<string>> {
  const { logs } = await examineVisitor(lyingTo(network, party, {}), {});
  const bodies = logs.flatMap(({ events }) => events.map(({ body }) => body));
  return new Set(bodies.flatMap((body) => body?.request.party ?? []));
}

describe('the chain of whoever asks', () => {
  it('has of a patient what others did on the chart, and of a doctor their own acts alone', async () => {
    const { patient, doctor } = care;
    assert.ok((await authors(patient)).has(doctor.address));
    assert.deepEqual([...(await authors(doctor))], [doctor.address]);
  });

  // @attack a thief of a device's files alters the patient's state, so that the audit shows the patient's own acts alone | the ledger says that the visitor is a patient, and the state comes from the nodes
  it('has of a patient all that it had after the state on the device was altered, and brings that back', async () => {
    const { patient, doctor } = care;
    const { handle } = await readPatientState(patient);
    for (const altered of [undefined, null, 'no sealed state']) {
      await patient.device.write('patient', altered);
      assert.ok((await authors(patient)).has(doctor.address), String(altered));
      assert.equal((await readPatientState(patient)).handle, handle);
    }
  });
});
