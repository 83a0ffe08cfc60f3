import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { failsWith } from '../../protocol/test/failsWith.ts';
import { context, network, ORGANISATIONS, signatory } from '../../protocol/test/sampleNetwork.ts';
import { signSuspension } from './signSuspension.ts';

const at = { ...context, network };
const members = ORGANISATIONS.map((organisation) => signatory(`authority of ${organisation}`));
const message = {
  party: signatory('doctor').address,
  suspended: true,
  change: 1,
  deadline: 2_000_000_000,
};
const drafted = { message, signatures: [] };

describe('the signatures of a suspension', () => {
  it('come from one member after another until the threshold is reached', () => {
    assert.equal(signSuspension(at, drafted, []).missing, 2);
    const first = signSuspension(at, drafted, members.slice(2));
    assert.deepEqual([first.signedBy, first.missing], [['insurer'], 1]);
    const second = signSuspension(at, first.signed, members.slice(0, 1));
    assert.deepEqual([second.signedBy, second.missing], [['insurer', 'hospital'], 0]);
    assert.equal(second.signed.signatures.length, 2);
    assert.deepEqual(second.signed.signatures[0], first.signed.signatures[0]);
    assert.equal(signSuspension(at, second.signed, members).missing, 0);
  });

  it('count once for a member that signs again', () => {
    const first = signSuspension(at, drafted, members.slice(0, 1));
    assert.deepEqual(signSuspension(at, first.signed, members.slice(0, 1)), first);
    const twice = [...first.signed.signatures, ...first.signed.signatures];
    const { signed, missing } = signSuspension(at, { message, signatures: twice }, []);
    assert.deepEqual([signed, missing], [first.signed, 1]);
  });

  it('are refused of somebody who is not a member, or over another message', () => {
    const stranger = signatory('stranger');
    assert.throws(
      () => signSuspension(at, drafted, [...members, stranger]),
      failsWith('SIGNATURE_INVALID'),
    );
    const { signed } = signSuspension(at, drafted, members.slice(0, 1));
    const altered = { ...signed, message: { ...message, suspended: false } };
    assert.throws(() => signSuspension(at, altered, []), failsWith('SIGNATURE_INVALID'));
  });
});
