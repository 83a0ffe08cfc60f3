import assert from 'node:assert/strict';
import { it } from 'node:test';
import { countSuccessor, requireSuccessor } from './countSuccessor.ts';
import { signerOf } from './signing.ts';
import { draftSuccessor, signSuccessor } from './signSuccessor.ts';
import { failsWith } from './test/failsWith.ts';
import { context, network, signatory } from './test/sampleNetwork.ts';
import { seatsOf, termsOf, withCoordinator } from './test/sampleSuccessors.ts';

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

it('signs with each key only for the offices that it sits in', () => {
  const offices = (['authority', 'coordinators'] as const).map((office) => ({
    office,
    members: [],
    organisations: [],
    threshold: 2,
    change: 1,
    deadline: 1_800_000_000,
  }));
  const ruled = draftSuccessor(context, network, termsOf(network, 1_800_000_000), { offices });
  const signed = signSuccessor(context, network, ruled, seatsOf('hospital'));
  const signers = signed.offices.map(({ message, signatures }) =>
    signatures.map((signature) => signerOf(context, 'OfficeChange', message, signature)),
  );
  assert.deepEqual(
    signers,
    seatsOf('hospital').map(({ address }) => [address]),
  );
  // The channel stays as it was, so its coordinators sign nothing but the change of their office.
  assert.equal(signed.signatures.length, 1);
});
