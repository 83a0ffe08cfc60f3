import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { readAudit } from '../../client/audit/readAudit.ts';
import { acknowledgedBy, submissionOf, viewOf } from '../../node/test/requests.ts';
import {
  startCare,
  startTestNetwork,
  type Care,
  type TestNetwork,
} from '../../node/test/testNetwork.ts';
import { lyingTo } from '../../client/test/lyingTo.ts';
import type {
  Acknowledgement,
  Body,
  SignedCheckpoint,
  SignedTally,
} from '../../protocol/evidence/evidence.ts';
import { ZERO32 } from '../../protocol/ids.ts';
import type { View } from '../../protocol/struct/requests.ts';
import { digestOf, signerOf } from '../../protocol/struct/signing.ts';
import { tallyNonce } from '../../protocol/evidence/tallyNonce.ts';
import { failsWith } from '../../protocol/test/failsWith.ts';
import type { TallyQuery } from '../ports.ts';

const LOG = 'care/hospital';

describe('tallyEntries', () => {
  let network: TestNetwork;
  let care: Care;
  let chart: Acknowledgement;
  let audit: Acknowledgement;
  let checkpoint: SignedCheckpoint;

  before(async () => {
    network = await startTestNetwork({ cared: true });
    care = await startCare(network);
    chart = await acknowledgedBy(care.doctor, submissionOf(care, 'View', viewOf(care)));
    const patient = lyingTo(network, care.patient, {});
    ({ acknowledgement: audit } = await readAudit(patient));
    checkpoint = await care.patient.agent.checkpoint(LOG);
  });
  after(async () => {
    await network.close();
  });

  const ask = async (change: Partial<TallyQuery> = {}): Promise<SignedTally> => {
    const { size, root } = checkpoint;
    return await network
      .services('insurer')
      .coordinator.tally({ audit, log: LOG, size, root, ...change });
  };

  it('counts in its own copy, and binds the answer to the audit and to the tree', async () => {
    const { tally, coordinator, signature } = await ask();
    const { request } = JSON.parse(audit.body) as Body;
    const digest = digestOf(care.patient, 'View', request.message as View);
    const { primitives } = network.ports;
    assert.deepEqual(tally, {
      nonce: tallyNonce(primitives, digest, checkpoint.root),
      log: network.file.channels[0]?.logs.find(({ name }) => name === LOG)?.id,
      handle: care.handle,
      size: checkpoint.size,
      count: 2,
      last: audit.entry,
    });
    assert.equal(signerOf(care.patient, 'Tally', tally, signature), coordinator);
    assert.equal(coordinator, network.keys.get('insurer')?.coordinator.address);
  });

  it('counts nothing in a log that has nothing of the patient', async () => {
    const empty = '0xe3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';
    const { tally } = await ask({ log: 'care/insurer', size: 0, root: empty });
    assert.deepEqual([tally.count, tally.last], [0, ZERO32]);
  });

  it('answers only to an audit, a chain or a chart that was acknowledged, a chart with its right', async () => {
    await assert.rejects(ask({ audit: chart }), failsWith('RIGHT_MISSING'));
    const { tally } = await ask({ audit: chart, opening: care.right.grant });
    assert.deepEqual([tally.count, tally.last], [0, ZERO32]);
    const file = { ...audit, body: audit.body.replace('"audit"', '"record"') };
    await assert.rejects(ask({ audit: file }), failsWith('EVIDENCE_INVALID'));
    const unjudged = { ...audit, verdicts: audit.verdicts.slice(0, 1) };
    await assert.rejects(ask({ audit: unjudged }), failsWith('EVIDENCE_INVALID'));
    const forged = { ...audit, body: audit.body.replace(care.handle, ZERO32) };
    await assert.rejects(ask({ audit: forged }), failsWith('EVIDENCE_INVALID'));
  });

  it('does not count beyond its copy, in another history, or in a log that it has not', async () => {
    await assert.rejects(ask({ size: checkpoint.size + 1 }), failsWith('NOT_YET'));
    await assert.rejects(ask({ root: ZERO32 }), failsWith('CHECKPOINT_REFUSED'));
    await assert.rejects(ask({ size: 1 }), failsWith('CHECKPOINT_REFUSED'));
    const root = '0xe3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';
    await assert.rejects(ask({ size: 0, root }), failsWith('CHECKPOINT_REFUSED'));
    await assert.rejects(ask({ log: 'care/nobody' }), failsWith('NOT_FOUND'));
    for (const size of [-1, 0.5, Number.NaN]) {
      await assert.rejects(ask({ size }), failsWith('NOT_FOUND'));
    }
  });

  // @actor the organisation of a log with two histories, each with a checkpoint of k coordinators | has the one that is on no ledger counted for an audit, which calls itself complete
  it('does not count beyond what its ledger has a checkpoint over, though its copy is longer', async () => {
    await acknowledgedBy(care.doctor, submissionOf(care, 'View', viewOf(care)));
    const { coordinator, logs } = network.services('hospital');
    const log = logs.get(LOG) ?? assert.fail();
    const { size } = log;
    assert.ok(size > checkpoint.size);
    const query = { audit, log: LOG, size, root: await log.root(size) };
    await assert.rejects(
      coordinator.tally(query),
      failsWith('NOT_YET', { what: 'checkpoint on the ledger' }),
    );
    await network.checkpoint();
    assert.equal((await coordinator.tally(query)).tally.size, size);
  });
});
