import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { commitEpochs } from '../../client/epochs/commitEpochs.ts';
import type { Party } from '../../client/party/Party.ts';
import { grantRight } from '../../client/rights/grantRight.ts';
import { readPatientState, writePatientState } from '../../client/state/PatientState.ts';
import { readRoom } from '../../client/state/readRoom.ts';
import { everything, startTestNetwork, type TestNetwork } from '../../node/test/testNetwork.ts';
import { LONGEST_STATE_TO_GRANT } from '../../protocol/rights/requireKeepable.ts';
import { describeRoom } from './describeRoom.ts';

let network: TestNetwork;
let patient: Party;

before(async () => {
  network = await startTestNetwork();
  patient = await network.party('patient');
  await commitEpochs(patient, 4);
  await grantRight(patient, everything(await network.party('doctor')));
});
after(async () => await network.close());

/** Returns the lines for a patient whose device knows so many openings that they take a share of the room. */
async function toldAt(share: number): Promise<readonly string[]> {
  const state = await readPatientState(patient);
  const [grant = assert.fail()] = state.grants;
  const count = Math.floor((share * LONGEST_STATE_TO_GRANT * 3) / 4 / JSON.stringify(grant).length);
  await writePatientState(patient, {
    ...state,
    grants: Array.from({ length: count }, () => grant),
  });
  return describeRoom(await readRoom(patient));
}

describe('a patient whose rights fill the state', () => {
  it('is told so from four fifths on, with what to do, and not before', async () => {
    assert.deepEqual(describeRoom(await readRoom(patient)), []);
    assert.deepEqual(await toldAt(0.78), []);
    const [first = '', second = ''] = await toldAt(0.85);
    assert.match(first, /8\d % full.*no right can be given/);
    assert.match(second, /grants shows them.*revoke/);
  });
});
