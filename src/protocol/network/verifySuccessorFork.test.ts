import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fingerprintOf } from './fingerprintOf.ts';
import type { SuccessorsFile } from './Successor.ts';
import { successorOf } from './successorOf.ts';
import { failsWith } from '../test/failsWith.ts';
import { context, network, primitives, word } from '../test/sampleNetwork.ts';
import { seatsOf, signedBy, termsOf } from '../test/sampleSuccessors.ts';
import { verifySuccessorFork } from './verifySuccessorFork.ts';

const first = signedBy(network, termsOf(network, 1000), ['hospital', 'insurer']);
const after = successorOf(primitives, network, first);
const one = signedBy(after, termsOf(after, 2000), ['hospital', 'laboratory']);
const other = signedBy(after, termsOf(after, 3000), ['laboratory', 'insurer']);
const made = successorOf(primitives, after, one);
const later = signedBy(made, termsOf(made, 4000), ['hospital', 'laboratory']);
const given: SuccessorsFile = {
  format: 'medseal-successors/1',
  successors: [first, one, later],
  fork: { successors: [one, other] },
};
const refused = failsWith('SUCCESSOR_INVALID');

describe('verifySuccessorFork', () => {
  // @actor a quorum that signs twice | to leave it unproven
  it('verifies from the first file who signed two successors of one file', () => {
    const { number, fingerprints, signers } = verifySuccessorFork(context, network, given);
    assert.equal(number, 2);
    assert.deepEqual(
      fingerprints,
      [one, other].map((each) => fingerprintOf(primitives, successorOf(primitives, after, each))),
    );
    const [authority] = seatsOf('laboratory');
    assert.deepEqual(signers, [{ organisation: 'laboratory', address: authority?.address }]);
    assert.deepEqual(verifySuccessorFork(context, after, given).signers, signers);
  });

  // @actor a liar | to have signers of one change convicted
  it('convicts nobody by a proof that proves nothing', () => {
    const fork = (...successors: readonly (typeof one)[]): SuccessorsFile => ({
      ...given,
      fork: { successors },
    });
    const too = signedBy(after, termsOf(after, 3000), ['insurer']);
    const elsewhere = { ...other, predecessor: word('another file') };
    const { fork: _, ...none } = given;
    for (const [why, value, pinned] of [
      ['no proof', none, network],
      ['one successor', fork(one), network],
      ['no successor', fork(), network],
      ['the same twice', fork(one, one), network],
      [
        'the same file with other signatures',
        fork(one, { ...one, signatures: [...one.signatures].toReversed() }),
        network,
      ],
      ['too few signatures', fork(one, too), network],
      ['none', fork(one, { ...other, signatures: [] }), network],
      ['altered after it was signed', fork(one, { ...other, from: 3001 }), network],
      ['another file before', fork(one, elsewhere), network],
      ['two numbers', fork(one, later), network],
      ['nothing that leads to it', { ...given, successors: [] }, network],
      [
        'something false that leads to it',
        { ...given, successors: [{ ...first, signatures: [] }] },
        network,
      ],
      ['a pinned file of another network', given, { ...network, networkId: word('another') }],
      ['a pinned file after it', given, made],
      ['no list', null, network],
    ] as const) {
      assert.throws(() => verifySuccessorFork(context, pinned, value), refused, why);
    }
  });
});
