import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { ZERO32 } from '../protocol/ids.ts';
import { digestOf, sign } from '../protocol/signing.ts';
import { checkGrant } from './checkGrant.ts';
import { encodeCommitEpochs } from './encodeCommitEpochs.ts';
import { encodeGrant } from './encodeGrant.ts';
import { encodeRevoke } from './encodeRevoke.ts';
import { readEpoch } from './readEpoch.ts';
import { FAR, startTestNetwork, type TestNetwork } from './test/testNetwork.ts';

describe('the contracts through their bindings', () => {
  let net: TestNetwork;
  before(async () => {
    net = await startTestNetwork();
  });
  after(async () => net[Symbol.asyncDispose]());

  it('a grant holds from its block until it is revoked, and the revoke begins the next epoch', async () => {
    const { context, patient, doctor, handle, contracts, provider } = net;
    const root = `0x${'11'.repeat(32)}` as const;
    const commitment = { handle, first: 1, count: 8, root, deadline: FAR };
    const committed = await net.send(
      'consent',
      encodeCommitEpochs([sign(context, patient, 'CommitEpochs', commitment)]),
    );
    assert.deepEqual(
      committed.events.map(({ kind }) => kind),
      ['EpochsCommitted', 'EpochAdvanced'],
    );

    const opening = net.grantTo(doctor.address);
    const grant = digestOf(context, 'Grant', opening);
    const granted = await net.send(
      'consent',
      encodeGrant(context.primitives, [sign(context, patient, 'Grant', opening)]),
    );
    assert.partialDeepStrictEqual(granted.events, [{ kind: 'Granted', handle, grant }]);

    const question = {
      opening,
      party: doctor.address,
      action: 'read',
      category: 'laboratory',
      record: ZERO32,
      purpose: 'TREAT',
      at: await net.now(),
    } as const;
    assert.equal(await checkGrant(provider, contracts, question), true);
    assert.equal(await checkGrant(provider, contracts, question, granted.block - 1), false);

    const request = { handle, grant, epoch: 2, packets: ZERO32, deadline: FAR };
    const revoked = await net.send(
      'consent',
      encodeRevoke([sign(context, patient, 'Revoke', request)]),
    );
    assert.partialDeepStrictEqual(revoked.events, [
      { kind: 'EpochAdvanced', handle, epoch: 2 },
      { kind: 'Revoked', handle, grant },
    ]);
    assert.equal(await checkGrant(provider, contracts, question), false);
    assert.deepEqual(await readEpoch(provider, contracts, handle), {
      epoch: 2,
      first: 1,
      count: 8,
      root,
    });
  });
});
