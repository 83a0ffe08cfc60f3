import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { countSuccessor, requireSuccessor } from '../network/countSuccessor.ts';
import { nameKeys } from '../dealing/nameKeys.ts';
import type { Organisation } from '../ids.ts';
import type { Channel, NetworkFile, ReleaseKey } from '../network/NetworkFile.ts';
import { parseNetworkFile } from '../network/parseNetworkFile.ts';
import { draftSuccessor, signSuccessor } from '../network/signSuccessor.ts';
import type { Successor } from '../network/Successor.ts';
import type { SuccessorTerms } from '../network/successorOf.ts';
import { failsWith } from '../test/failsWith.ts';
import { DealingPlay, type Dealer } from '../test/sampleDealing.ts';
import { context, network as unguarded, signatory } from '../test/sampleNetwork.ts';
import { logOfNewcomer, seatsOf, signedBy, termsOf } from '../test/sampleSuccessors.ts';

const ALL: readonly Organisation[] = ['hospital', 'laboratory', 'insurer'];
const FROM = 1_900_000_000;
const INVALID = failsWith('SUCCESSOR_INVALID');

let dealers: Map<Organisation, Dealer>;
let founding: DealingPlay;
let guarded: NetworkFile;
let two: NetworkFile;
let joining: DealingPlay;

before(async () => {
  dealers = new Map();
  founding = new DealingPlay(unguarded, termsOf(unguarded, FROM), 'new', dealers);
  guarded = await founding.play(ALL);
  two = await new DealingPlay(guarded, termsOf(guarded, FROM + 10), 'new', dealers).play(ALL);
  joining = new DealingPlay(guarded, withPharmacy(guarded), 'refresh', dealers);
  await joining.play([...ALL, 'pharmacy'], ['hospital', 'laboratory']);
});

/** Terms by which the pharmacy joins. */
function withPharmacy(network: NetworkFile): SuccessorTerms {
  const terms = termsOf(network, FROM + 100);
  const organisation = 'pharmacy';
  const member = (office: string) => {
    return { organisation, address: signatory(`${office} of pharmacy`).address };
  };
  return {
    ...terms,
    authority: { threshold: 3, members: [...terms.authority.members, member('authority')] },
    channels: terms.channels.map((channel) => ({
      ...channel,
      thresholds: { writes: 3, views: 3 },
      coordinators: [...channel.coordinators, member('coordinator')],
      logs: [...channel.logs, logOfNewcomer(organisation)],
    })),
  };
}

function named({ predecessor, state, dealing }: DealingPlay): Successor {
  return nameKeys(predecessor, state, dealing);
}

/** A successor that changes nothing but the release keys of the one channel, signed by all. */
function successor(
  predecessor: NetworkFile,
  alter: (channel: Channel) => Partial<Channel>,
): Successor {
  const terms = termsOf(predecessor, FROM + 1000);
  const channels = terms.channels.map((channel) => ({ ...channel, ...alter(channel) }));
  return signedBy(predecessor, { ...terms, channels }, ALL);
}

function keyOf(network: NetworkFile): ReleaseKey {
  return network.channels[0]?.release ?? assert.fail();
}

describe('a successor that deals shares of a release key', () => {
  // @attack a quorum signs a change though a member has not got its share | it does not count
  it('counts once all who get a share have signed, whatever the quorums are', () => {
    const draft = named(founding);
    const few = signSuccessor(
      context,
      unguarded,
      draft,
      ['hospital', 'laboratory'].flatMap(seatsOf),
    );
    const { missing } = countSuccessor(context, unguarded, few);
    assert.deepEqual(missing, [
      { office: 'those who get shares of the release key of care', count: 1 },
    ]);
    assert.throws(() => requireSuccessor(context, unguarded, few), INVALID);
    const all = signSuccessor(context, unguarded, few, seatsOf('insurer'));
    assert.deepEqual(requireSuccessor(context, unguarded, all), guarded);
  });

  it('counts with the signature of the one that joins, which has no seat in the file before', () => {
    const draft = named(joining);
    const sitting = signSuccessor(context, guarded, draft, ALL.flatMap(seatsOf));
    assert.throws(() => requireSuccessor(context, guarded, sitting), INVALID);
    const [, coordinator = assert.fail()] = seatsOf('pharmacy');
    const all = signSuccessor(context, guarded, sitting, [coordinator]);
    assert.deepEqual(requireSuccessor(context, guarded, all), joining.network);
    // Its member of the authority is not in office yet.
    const [authority = assert.fail()] = seatsOf('pharmacy');
    assert.throws(
      () => signSuccessor(context, guarded, sitting, [authority]),
      failsWith('SIGNATURE_INVALID'),
    );
    const alone = signSuccessor(context, guarded, draft, [coordinator]);
    assert.equal(countSuccessor(context, guarded, alone).missing.length, 3);
  });

  it('does not count with the coordinator’s former key of one that gets another', () => {
    const fresh = signatory('new coordinator of insurer');
    const terms = termsOf(unguarded, FROM);
    const channels = founding.network.channels.map((channel) => ({
      ...channel,
      coordinators: channel.coordinators.map((each) =>
        each.organisation === 'insurer' ? { ...each, address: fresh.address } : each,
      ),
    }));
    const draft = draftSuccessor(context, unguarded, { ...terms, channels });
    const old = signSuccessor(context, unguarded, draft, ALL.flatMap(seatsOf));
    assert.throws(() => requireSuccessor(context, unguarded, old), INVALID);
    const both = signSuccessor(context, unguarded, old, [fresh]);
    assert.equal(requireSuccessor(context, unguarded, both).before?.length, 1);
  });
});

describe('a successor is refused whose release keys', () => {
  // @attack a successor drops a release key, or brings back one of before | refused
  it('are gone, the present one or one of before, or in another order', () => {
    const [newest, first] = [keyOf(two), keyOf(guarded)];
    const terms = termsOf(guarded, FROM + 1000);
    const gone = { ...terms, channels: terms.channels.map(withoutKey) };
    assert.throws(() => requireSuccessor(context, guarded, signedBy(guarded, gone, ALL)), INVALID);
    refuses(two, () => ({ release: newest, formerReleases: [] }));
    refuses(two, () => ({ release: first, formerReleases: [newest] }));
    refuses(two, () => ({ release: first, formerReleases: [] }));
  });

  // @attack a successor gives a newcomer the index of one that left, whose share is known | refused
  it('give an index that another organisation has or had, or another one than before', () => {
    const swapped: Record<number, number> = { 1: 2, 2: 1, 3: 3 };
    refuses(
      guarded,
      shares((all) => all.map((each) => ({ ...each, index: swapped[each.index] ?? 0 }))),
    );
    refuses(
      guarded,
      shares((all) => all.map((each) => ({ ...each, index: each.index + 3 }))),
    );
    // The insurer left, and the pharmacy gets its index.
    const left: NetworkFile = {
      ...guarded,
      before: [{ fingerprint: `0x${'11'.repeat(32)}`, until: FROM, channels: guarded.channels }],
      channels: guarded.channels.map((channel) => ({
        ...channel,
        coordinators: channel.coordinators.slice(0, 2),
        ...shares((all) => all.slice(0, 2))(channel),
      })),
    };
    const [care = assert.fail()] = joining.network.channels;
    const pharmacy = {
      ...care,
      thresholds: { writes: 2, views: 2 },
      coordinators: care.coordinators.filter(({ organisation }) => organisation !== 'insurer'),
    };
    const reused = [...(care.release?.shares ?? [])]
      .filter(({ organisation }) => organisation !== 'insurer')
      .map((each) => (each.organisation === 'pharmacy' ? { ...each, index: 3 } : each));
    const terms = withPharmacy(left);
    const channels = [{ ...pharmacy, release: { ...keyOf(guarded), shares: reused } }];
    const signed = draftSuccessor(context, left, { ...terms, channels });
    assert.throws(
      () => countSuccessor(context, left, signed),
      (error: Error) => INVALID(error) && /pharmacy has the index of insurer/.test(error.message),
    );
  });

  it('have shares of which some were dealt again, or a threshold that is not that of views', () => {
    const fresh = keyOf(joining.network).shares;
    refuses(
      guarded,
      shares((all) => [...fresh.slice(0, 1), ...all.slice(1)]),
    );
    refuses(
      guarded,
      shares(() => fresh.slice(0, 3), { threshold: 3 }),
    );
    refuses(guarded, () => ({ thresholds: { writes: 2, views: 3 } }));
  });

  // @attack one that leaves keeps a share that still opens with others | refused: all shares are dealt again
  it('lack a share of one that coordinates: who leaves takes none along, and who joins gets one', () => {
    refuses(
      guarded,
      shares((all) => all.slice(1)),
    );
    const terms = withPharmacy(guarded);
    const joined = draftSuccessor(context, guarded, terms);
    assert.throws(() => countSuccessor(context, guarded, joined), INVALID);
  });

  it('are not well-formed', () => {
    const file = (part: Partial<Channel>) => () =>
      parseNetworkFile({
        ...two,
        channels: two.channels.map((channel) => ({ ...channel, ...part })),
      });
    const malformed = failsWith('NETWORK_FILE_INVALID');
    const [newest, first] = [keyOf(two), keyOf(guarded)];
    const moved = first.shares.map((each) => ({ ...each, index: each.index + 1 }));
    const old = { ...first, publicKey: `0x${'a0'.repeat(96)}` as const };
    assert.throws(
      file({ release: old, formerReleases: [] }),
      (error: Error) => malformed(error) && /Found the network again/.test(error.message),
    );
    const infinity = { ...first, publicKey: `0x00${'a0'.repeat(32)}` as const };
    assert.throws(file({ release: infinity, formerReleases: [] }), malformed);
    assert.throws(file({ formerReleases: [newest] }), malformed);
    assert.throws(file({ formerReleases: [{ ...first, shares: moved }] }), malformed);
    assert.throws(file({ formerReleases: [{ ...first, threshold: 4 }] }), malformed);
    assert.throws(file({ formerReleases: Array.from({ length: 17 }, () => first) }), malformed);
    const [channel] = two.channels;
    const { release: _release, ...without } = channel ?? assert.fail();
    assert.throws(() => parseNetworkFile({ ...two, channels: [without] }), malformed);
    assert.deepEqual(file({})(), two);
  });
});

function refuses(predecessor: NetworkFile, alter: (channel: Channel) => Partial<Channel>): void {
  assert.throws(
    () => requireSuccessor(context, predecessor, successor(predecessor, alter)),
    INVALID,
  );
}

/** The channel with other shares of its key. */
function shares(
  alter: (shares: ReleaseKey['shares']) => ReleaseKey['shares'],
  part: Partial<ReleaseKey> = {},
): (channel: Channel) => Partial<Channel> {
  return ({ release = assert.fail() }) => {
    return { release: { ...release, ...part, shares: alter(release.shares) } };
  };
}

function withoutKey({ release: _release, ...channel }: Channel): Channel {
  return channel;
}
