import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { failsWith } from '../test/failsWith.ts';
import { context, network, primitives, signatory } from '../test/sampleNetwork.ts';
import { fileOf, seatsOf, signedBy, termsOf } from '../test/sampleSuccessors.ts';
import { SUCCESSOR } from '../shapes/answerShapes.ts';
import { findShapeError } from '../wire/findShapeError.ts';
import { countSuccessor, requireSuccessor } from './countSuccessor.ts';
import { followSuccessors } from './followSuccessors.ts';
import { draftSuccessor, signSuccessor } from './signSuccessor.ts';
import type { Successor } from './Successor.ts';
import { successorOf } from './successorOf.ts';

/** Successors that add contracts to a network. */

const FROM = 1_800_000_000;
const QUORUM = ['hospital', 'laboratory'];
const addresses = {
  prescriptions: signatory('prescriptions').address,
  vitalRecords: signatory('vital records').address,
  settlement: signatory('settlement').address,
  claims: signatory('claims').address,
};
const { prescriptions, vitalRecords, settlement, claims } = addresses;

function adding(contracts: NonNullable<Successor['contracts']>, by = QUORUM): Successor {
  return signedBy(network, { ...termsOf(network, FROM), contracts }, by);
}

function refuses(contracts: NonNullable<Successor['contracts']>, reason: string): void {
  const given = { ...adding({ prescriptions }), contracts };
  assert.throws(
    () => countSuccessor(context, network, given),
    failsWith('SUCCESSOR_INVALID', { reason }),
  );
}

describe('a successor that adds contracts', () => {
  it('makes a file with them, beside those that there were, for whoever follows it', () => {
    const successor = adding(addresses);
    const [, file = assert.fail()] = followSuccessors(context, network, fileOf(successor));
    assert.deepEqual(file.contracts, { ...network.contracts, ...addresses });
    assert.equal(findShapeError(SUCCESSOR, successor, 'it'), undefined);
    const later = signedBy(file, termsOf(file, FROM + 1), QUORUM);
    assert.deepEqual(requireSuccessor(context, file, later).contracts, file.contracts);
  });

  it('takes the quorums of the authority and of the coordinators', () => {
    const few = adding({ prescriptions }, ['hospital']);
    const { missing } = countSuccessor(context, network, few);
    assert.deepEqual(missing, [
      { office: 'the authority', count: 1 },
      { office: 'the coordinators of care', count: 1 },
    ]);
    assert.throws(() => requireSuccessor(context, network, few), failsWith('SUCCESSOR_INVALID'));
    const draft = draftSuccessor(context, network, {
      ...termsOf(network, FROM),
      contracts: { prescriptions },
    });
    const [, ...coordinators] = QUORUM.flatMap(seatsOf);
    const half = signSuccessor(context, network, draft, coordinators);
    assert.throws(() => requireSuccessor(context, network, half), failsWith('SUCCESSOR_INVALID'));
  });

  it('is signed with the addresses', () => {
    const moved = { ...adding({ prescriptions }), contracts: { prescriptions: vitalRecords } };
    assert.throws(() => requireSuccessor(context, network, moved), failsWith('SUCCESSOR_INVALID'));
    const { contracts: _contracts, ...without } = adding({ prescriptions });
    assert.throws(
      () => requireSuccessor(context, network, without),
      failsWith('SUCCESSOR_INVALID'),
    );
  });

  // @attack a successor puts another contract in the place of one that the network has | a successor only adds: `SUCCESSOR_INVALID`
  it('leaves those that the network has where they are', () => {
    const file = successorOf(primitives, network, adding({ prescriptions }));
    const terms = { ...termsOf(file, FROM + 1), contracts: { prescriptions: vitalRecords } };
    const draft = draftSuccessor(context, file, terms);
    const reason = 'the network has a contract prescriptions already';
    assert.throws(
      () => countSuccessor(context, file, draft),
      failsWith('SUCCESSOR_INVALID', { reason }),
    );
    const other = { registry: vitalRecords } as NonNullable<Successor['contracts']>;
    const given = { ...adding({ prescriptions }), contracts: other };
    assert.notEqual(findShapeError(SUCCESSOR, given, 'it'), undefined);
  });

  it('names at least one, each at an address of its own, and those that belong together', () => {
    refuses({}, 'it adds contracts, but names none');
    refuses({ claims }, 'it lacks the contract settlement, which belongs to it');
    refuses({ prescriptions, settlement }, 'it lacks the contract claims, which belongs to it');
    refuses({ settlement, claims: settlement }, 'two contracts have one address');
    refuses({ prescriptions: network.contracts.consent }, 'two contracts have one address');
  });
});
