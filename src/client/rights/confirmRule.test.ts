import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import {
  behind,
  everything,
  startCare,
  startTestNetwork,
  type Care,
  type TestNetwork,
} from '../../node/test/testNetwork.ts';
import type { Outcome } from '../../protocol/evidence/evidence.ts';
import { failsWith } from '../../protocol/test/failsWith.ts';
import { word } from '../../protocol/test/sampleNetwork.ts';
import { commitEpochs } from '../epochs/commitEpochs.ts';
import { confirmFacts } from '../audit/confirmFacts.ts';
import { grantRight } from './grantRight.ts';
import { inTime } from '../test/inTime.ts';
import type { Party } from '../party/Party.ts';
import { revokeRight } from './revokeRight.ts';

let network: TestNetwork;
let care: Care;
before(async () => {
  network = await startTestNetwork({ cared: true });
  care = await startCare(network);
});
after(async () => await network.close());

/** The patient at an agent that says that rule changes were placed, and brings none to the ledger. */
function deceived(): Party {
  const placed: Outcome = { outcome: 'placed', transaction: word('transaction'), block: 3 };
  return behind(care.patient, { submit: async () => await Promise.resolve([placed]) });
}

describe('an agent that says a change was placed which it brought nowhere', () => {
  it('is not believed for a grant', async () => {
    const granted = grantRight(deceived(), everything(care.stranger));
    await assert.rejects(inTime(network, granted), failsWith('RULE_UNCONFIRMED'));
  });

  it('is not believed for a revocation: the patient knows that the right still holds', async () => {
    const revoked = revokeRight(deceived(), care.right.digest);
    await assert.rejects(inTime(network, revoked), failsWith('RULE_UNCONFIRMED'));
    const { grant } = await confirmFacts(care.patient, { grant: care.right.digest });
    assert.equal(grant?.state, 'active');
  });

  it('is not believed for a commitment', async () => {
    await assert.rejects(
      inTime(network, commitEpochs(deceived(), 9)),
      failsWith('RULE_UNCONFIRMED'),
    );
  });
});

describe('coordinators that are asked about grants', () => {
  it('say nothing of one that is not on the ledger', async () => {
    const facts = await confirmFacts(care.patient, { grant: word('no grant') });
    assert.equal(facts.grant, undefined);
  });

  it('say whose it is, whether it holds, and which others hold', async () => {
    const { handle, patient, stranger } = care;
    const { digest } = await grantRight(patient, everything(stranger));
    const active = await confirmFacts(patient, { handle, grant: digest, grants: true });
    assert.deepEqual(active.grant, { handle, state: 'active' });
    assert.deepEqual(active.grants, [care.right.digest, digest].toSorted());
    await revokeRight(patient, digest);
    const ended = await confirmFacts(patient, { handle, grant: digest, grants: true });
    assert.deepEqual(ended.grant, { handle, state: 'ended' });
    assert.deepEqual(ended.grants, [care.right.digest]);
  });

  it('name the chart that a patient controls', async () => {
    const { patient, doctor, handle } = care;
    const own = await confirmFacts(doctor, { party: patient.address });
    assert.equal(own.party?.handle, handle);
    const none = await confirmFacts(doctor, { party: doctor.address });
    assert.equal(none.party?.handle, undefined);
  });
});
