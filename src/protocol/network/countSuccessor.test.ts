import assert from 'node:assert/strict';
import { it } from 'node:test';
import { countSuccessor, requireSuccessor } from './countSuccessor.ts';
import { signerOf } from '../struct/signing.ts';
import { officeChangesOf } from './officeChangesOf.ts';
import { draftSuccessor, signSuccessor } from './signSuccessor.ts';
import { successorOf } from './successorOf.ts';
import { failsWith } from '../test/failsWith.ts';
import { consortium, movedTerms, stakedSuccessor } from '../test/sampleConsortium.ts';
import { context, network, signatory } from '../test/sampleNetwork.ts';
import { seatsOf, termsOf, withCoordinator } from '../test/sampleSuccessors.ts';

const [care = assert.fail()] = network.channels;
const channels = [withCoordinator(care, 'insurer', signatory('new coordinator of insurer'))];
const draft = draftSuccessor(context, network, { ...termsOf(network, 1_800_000_000), channels });

it('tells who signed with all its seats, and which office lacks how many', () => {
  assert.deepEqual(countSuccessor(context, network, draft).missing, [
    { office: 'the authority', count: 2 },
    { office: 'the coordinators of care', count: 2 },
  ]);
  const [member = assert.fail()] = seatsOf('hospital');
  const half = signSuccessor(context, network, draft, [member]);
  assert.deepEqual(countSuccessor(context, network, half).signedBy, []);
  const one = signSuccessor(context, network, half, seatsOf('hospital'));
  const counted = countSuccessor(context, network, one);
  assert.deepEqual(counted.signedBy, ['hospital']);
  assert.deepEqual(
    counted.missing.map(({ count }) => count),
    [1, 1],
  );
  assert.throws(() => requireSuccessor(context, network, one), failsWith('SUCCESSOR_INVALID'));
  const both = signSuccessor(context, network, one, seatsOf('insurer'));
  assert.deepEqual(countSuccessor(context, network, both).missing, []);
  assert.deepEqual(signSuccessor(context, network, both, seatsOf('insurer')), both);
});

it('signs with each key only for the offices that it sits in, and no change beside the successor’s', () => {
  const from = 1_800_000_000;
  const authority = { ...network.authority, threshold: 3 };
  const terms = { ...termsOf(network, from), authority, channels };
  const made = successorOf(context.primitives, network, terms);
  const offices = officeChangesOf(network, made).map((each) => {
    return { ...each, change: 1, deadline: from };
  });
  const ruled = draftSuccessor(context, network, terms, { offices });
  const signed = signSuccessor(context, network, ruled, seatsOf('hospital'));
  const signers = signed.offices.map(({ message, signatures }) =>
    signatures.map((signature) => signerOf(context, 'OfficeChange', message, signature)),
  );
  assert.deepEqual(
    signers,
    seatsOf('hospital').map(({ address }) => [address]),
  );
  const [first = assert.fail(), second = assert.fail()] = signed.offices;
  const foreign = { ...second.message, members: first.message.members };
  for (const others of [
    [first, first],
    [first, { ...second, message: { ...second.message, threshold: 3 } }],
    [first, { ...second, message: foreign }],
  ]) {
    assert.throws(
      () => signSuccessor(context, network, { ...ruled, offices: others }, seatsOf('insurer')),
      failsWith('SUCCESSOR_INVALID'),
    );
  }
  // The channel stays as it was, so its coordinators sign nothing.
  const same = draftSuccessor(context, network, { ...termsOf(network, from), authority });
  assert.equal(signSuccessor(context, network, same, seatsOf('hospital')).signatures.length, 1);
});

// @actor a newcomer | to end the others’ nodes by no address
it('refuses a node without an address, of who joins or had one, if the others reach each other by addresses', () => {
  const terms = movedTerms(consortium, ['pharmacy'], ['hospital']);
  for (const name of ['pharmacy', 'insurer']) {
    const nodes = (terms.nodes ?? []).map(({ url, ...node }) =>
      node.organisation === name || url === undefined ? node : { ...node, url },
    );
    const reason = `the node of ${name} has no address`;
    assert.throws(
      () => {
        const given = stakedSuccessor(consortium, { ...terms, nodes }, ['hospital', 'laboratory']);
        countSuccessor(context, consortium, given);
      },
      failsWith('SUCCESSOR_INVALID', { reason }),
    );
  }
});

it('takes nodes without addresses in a network that began in one process', () => {
  const founders = network.authority.members.map(({ organisation }) => {
    return { organisation, sender: signatory(`sender of ${organisation}`).address };
  });
  const founded = { ...network, founders };
  const successor = draftSuccessor(context, founded, termsOf(founded, 1_800_000_000));
  assert.deepEqual(countSuccessor(context, founded, successor).network.nodes, founders);
});
