import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Acknowledgement } from './evidence.ts';
import { failsWith } from '../test/failsWith.ts';
import { acknowledged, sampleBody } from '../test/sampleEvidence.ts';
import { context, network } from '../test/sampleNetwork.ts';
import { VerifiedBodies } from './VerifiedBodies.ts';
import { verifyAcknowledgement } from './verifyAcknowledgement.ts';

const body = sampleBody();
const [one, other] = (await acknowledged([body, sampleBody({ at: body.at + 1 })])) as [
  Acknowledgement,
  Acknowledgement,
];

/** A context that counts how many signatures were recovered. */
function counting(): { readonly counted: typeof context; readonly recoveries: () => number } {
  let recoveries = 0;
  const { primitives } = context;
  const recover: typeof primitives.recover = (digest, signature) => {
    recoveries += 1;
    return primitives.recover(digest, signature);
  };
  const counted = { ...context, primitives: { ...primitives, recover } };
  return { counted, recoveries: () => recoveries };
}

describe('bodies that an organisation verified', () => {
  it('cost no signature when they are presented again, with whatever verdicts', () => {
    const [bodies, { counted, recoveries }] = [new VerifiedBodies(), counting()];
    const verified = bodies.verify(counted, network, one);
    assert.deepEqual(verified, verifyAcknowledgement(context, network, one));
    const before = recoveries();
    assert.ok(before > 0);
    assert.deepEqual(bodies.verify(counted, network, { ...one, verdicts: [] }), verified);
    assert.equal(recoveries(), before);
  });

  it('are also those that a log of the organisation holds', () => {
    const [bodies, { counted, recoveries }] = [new VerifiedBodies(), counting()];
    assert.ok(!bodies.knows(one.entry));
    bodies.add(one.entry);
    assert.ok(bodies.knows(one.entry) && !bodies.knows(other.entry));
    const verified = verifyAcknowledgement(context, network, one);
    assert.deepEqual(bodies.verify(counted, network, { ...one, verdicts: [] }), verified);
    assert.equal(recoveries(), 0);
  });

  it('vouch for no other body, no other log, and nothing that was refused', () => {
    const bodies = new VerifiedBodies();
    const alone = { ...other, verdicts: [] };
    assert.throws(() => bodies.verify(context, network, alone), failsWith('EVIDENCE_INVALID'));
    assert.throws(() => bodies.verify(context, network, alone), failsWith('EVIDENCE_INVALID'));
    bodies.verify(context, network, one);
    for (const wrong of [
      { ...one, body: other.body },
      { ...one, entry: other.entry },
      { ...one, log: 'care/laboratory' },
      { ...one, body: `${one.body} ` },
      { ...one, body: 7 },
      { ...alone, body: one.body },
      alone,
      null,
      {},
    ]) {
      assert.throws(
        () => bodies.verify(context, network, wrong as unknown as Acknowledgement),
        failsWith('EVIDENCE_INVALID'),
      );
    }
  });
});
