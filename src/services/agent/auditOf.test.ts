import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import {
  acknowledgedBy,
  submissionOf,
  submitted,
  viewOf,
  writeOf,
} from '../../node/test/requests.ts';
import {
  startCare,
  startTestNetwork,
  type Care,
  type TestNetwork,
} from '../../node/test/testNetwork.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import { ZERO32 } from '../../protocol/ids.ts';
import type { View, Write } from '../../protocol/struct/requests.ts';
import { digestOf, sign } from '../../protocol/struct/signing.ts';
import { failsWith } from '../../protocol/test/failsWith.ts';

const LOG = 'care/hospital';
let network: TestNetwork;
let care: Care;
/** A record that the doctor may view. */
let write: Write;

before(async () => {
  network = await startTestNetwork({ cared: true });
  care = await startCare(network);
  write = await writeOf(care);
  await acknowledgedBy(care.doctor, submissionOf(care, 'Write', write));
  await network.checkpoint();
});
after(async () => await network.close());

/** The ticket that a view releases. */
async function ticketOf(view: View, party = care.doctor): Promise<string> {
  const along = view.grant === ZERO32 ? {} : { opening: care.right.grant };
  const viewed = await submitted(party, { request: sign(party, party, 'View', view), ...along });
  assert.ok(viewed.outcome === 'acknowledged', JSON.stringify(viewed));
  return viewed.release?.ticket ?? assert.fail();
}

describe('an audit', () => {
  // @attack a reader asks for the patient's audit with the ticket of a record's file | a ticket is for a file or for an audit
  it('is not given for the ticket of a record’s file: a grantee does not learn who else reads', async () => {
    const { record } = write;
    const ticket = await ticketOf(viewOf(care, { what: 'record', record, version: 1 }));
    const { agent } = care.doctor;
    const { size, root } = await agent.checkpoint(LOG);
    const query = { ticket, request: write.file, log: LOG, size, root };
    await assert.rejects(agent.audit({ ...query, from: 0 }), failsWith('RELEASE_UNKNOWN'));
    await assert.rejects(agent.tallies(query), failsWith('RELEASE_UNKNOWN'));
  });

  it('has its count from two that agree, though the third says at once that it is behind', async () => {
    const { patient } = care;
    const view = viewOf(care, { grant: ZERO32, purpose: 'PATRQT', what: 'audit' });
    const ticket = await ticketOf(view, patient);
    await network.checkpoint();
    const laboratory = network.services('laboratory').coordinator;
    network.liars.coordinator.set('laboratory', {
      ...laboratory,
      tally: async () => await Promise.reject(new MedsealError('NOT_YET', { what: 'entry' })),
    });
    const insurer = network.services('insurer').coordinator;
    network.liars.coordinator.set('insurer', {
      ...insurer,
      tally: async (query) => {
        await new Promise(setImmediate);
        network.clock.advance(60);
        return await insurer.tally(query);
      },
    });
    const { size, root } = await patient.agent.checkpoint(LOG);
    const request = digestOf(patient, 'View', view);
    const tallies = await patient.agent.tallies({ ticket, request, log: LOG, size, root });
    network.liars.coordinator.clear();
    assert.equal(tallies.length, 2);
  });

  it('has a ticket that fetches no file, and opens no other audit', async () => {
    const own = { grant: ZERO32, purpose: 'PATRQT', what: 'audit' } as const;
    const { patient } = care;
    const view = viewOf(care, own);
    const ticket = await ticketOf(view, patient);
    const { size, root } = await patient.agent.checkpoint(LOG);
    const request = digestOf(patient, 'View', view);
    const query = { ticket, log: LOG, size, root, from: 0 };
    const entries = await patient.agent.audit({ ...query, request });
    assert.equal(entries.length, size);
    for (const hash of [request, write.file]) {
      await assert.rejects(patient.agent.fileSize(ticket, hash), failsWith('RELEASE_UNKNOWN'));
    }
    const other = { ...query, request: digestOf(patient, 'View', viewOf(care, own)) };
    await assert.rejects(patient.agent.audit(other), failsWith('RELEASE_UNKNOWN'));
  });
});
