import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { changedTerms } from '../succession/changedTerms.ts';
import { draftSuccessor, signSuccessor } from '../../protocol/network/signSuccessor.ts';
import { successorOf } from '../../protocol/network/successorOf.ts';
import { failsWith } from '../../protocol/test/failsWith.ts';
import { context, network, primitives, signatory } from '../../protocol/test/sampleNetwork.ts';
import { seatsOf, termsOf, withCoordinator } from '../../protocol/test/sampleSuccessors.ts';
import { membersIn } from './membersIn.ts';
import { shownChange } from './shownChange.ts';

const FROM = 1_800_000_000;
const [care = assert.fail()] = network.channels;
const channels = [withCoordinator(care, 'insurer', signatory('new coordinator of insurer'))];
const draft = draftSuccessor(context, network, { ...termsOf(network, FROM), channels });
const known = { files: [network], successors: [] };

describe('a change of the network, as an operator sees it', () => {
  it('says of each office how many must sign, who signed with its own seat, and who has not', () => {
    const [member = assert.fail()] = seatsOf('hospital');
    const half = signSuccessor(context, network, draft, [member]);
    const { offices, complete } = shownChange(context, known, half);
    const signed = offices.map(({ kind, channel, threshold, members }) => ({
      of: [kind, channel, threshold],
      by: members.filter((each) => each.signed).map(({ organisation }) => organisation),
    }));
    assert.equal(complete, false);
    assert.deepEqual(
      signed.map(({ of }) => of),
      [
        ['authority', undefined, 2],
        ['coordinators', 'care', 2],
      ],
    );
    assert.equal(signed.flatMap(({ by }) => by).length, 1);
  });

  it('is complete once the quorum of each office signed', () => {
    const both = ['hospital', 'insurer'].reduce(
      (change, name) => signSuccessor(context, network, change, seatsOf(name)),
      draft,
    );
    assert.equal(shownChange(context, known, both).complete, true);
  });

  it('is refused if it follows another file than the newest that the node knows', () => {
    const next = successorOf(primitives, network, draft);
    assert.throws(
      () => shownChange(context, { files: [network, next] }, draft),
      failsWith('SUCCESSOR_INVALID'),
    );
  });
});

describe('the members of a network', () => {
  const names = network.authority.members.map(({ organisation }) => organisation);

  it('are there since the founding, as far as the file says when that was', () => {
    const members = membersIn(known, network);
    assert.deepEqual(
      members.map(({ organisation }) => organisation),
      names,
    );
    for (const { since, until } of members) {
      assert.deepEqual([since, until], [network.ledger.timestamp, undefined]);
    }
  });

  it('are to leave from the moment of the next file that does not name them', () => {
    const terms = changedTerms(primitives, network, { from: FROM, leaving: ['laboratory'] });
    const successor = draftSuccessor(context, network, terms);
    const next = successorOf(primitives, network, successor);
    const succession = { files: [network, next], successors: [successor] };
    const leaving = membersIn(succession, network).filter(({ until }) => until !== undefined);
    assert.deepEqual(
      leaving.map(({ organisation, until }) => [organisation, until]),
      [['laboratory', FROM]],
    );
    const after = membersIn(succession, next).map(({ organisation }) => organisation);
    assert.ok(!after.includes('laboratory'));
  });
});
