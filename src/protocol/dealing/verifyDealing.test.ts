// Over 400 lines: one sample of a change is altered in each of its parts, for each of its rounds.
import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { randomBytes } from '@noble/hashes/utils.js';
import { extractShare, isShareOf } from '../../crypto/threshold/extractShare.ts';
import { combineShares } from '../../crypto/threshold/combineShares.ts';
import type { Deal } from '../../crypto/threshold/Deal.ts';
import { BASE, type PointTerm } from '../../crypto/threshold/GroupPort.ts';
import { dealtKey } from '../../crypto/threshold/isDeal.ts';
import { nobleGroup as group } from '../../crypto/threshold/nobleGroup.ts';
import { GROUP_ORDER } from '../../crypto/threshold/scalars.ts';
import { utf8ToBytes } from '../../crypto/bytes.ts';
import type { Organisation } from '../ids.ts';
import type { Member, NetworkFile } from '../network/NetworkFile.ts';
import { releaseKeysOf } from '../release/releaseKeyOf.ts';
import { releasesIn } from '../release/releasesIn.ts';
import { failsWith } from '../test/failsWith.ts';
import { DealingPlay, type Dealer } from '../test/sampleDealing.ts';
import { context, network as unguarded, research, signatory } from '../test/sampleNetwork.ts';
import { logOfNewcomer, termsOf, withCoordinator } from '../test/sampleSuccessors.ts';
import { sign } from '../struct/signing.ts';
import { domainOf } from '../struct/domainOf.ts';
import type { Dealing } from './Dealing.ts';
import { giveDeal, giveRecipient, keysToDeal } from './giveDeal.ts';
import { dealPart } from './verifyDeals.ts';
import type { SuccessorTerms } from '../network/successorOf.ts';

const ALL: readonly Organisation[] = ['hospital', 'laboratory', 'insurer'];
const FROM = 1_900_000_000;
const IDENTITY = utf8ToBytes('a record version');

let dealers: Map<Organisation, Dealer>;
let guarded: NetworkFile;

before(async () => {
  dealers = new Map();
  guarded = await new DealingPlay(unguarded, termsOf(unguarded, FROM), 'new', dealers).play(ALL);
});

describe('a deal that was chosen after the others so that they make no key is refused, with whose it is,', () => {
  // @actor an organisation that deals last | chooses its deal so that all deals together make no key
  // @attack a deal that makes the release key infinite | its dealer is named, and its deal left out
  it('if its commitments take out those of the others', async () => {
    const play = await cancelling((others) =>
      negated(others.map(({ commitments: [, second = assert.fail()] }) => one(second))),
    );
    const organisation = 'laboratory';
    assert.throws(() => play.state, failsWith('DEAL_INVALID', { organisation }));
  });

  it('if its own share of the key would be nothing, wherever its deal stands in the file', async () => {
    const play = await cancelling((others, first, index) => {
      const points = others.map(({ commitments }) => one(dealtKey(group, commitments, index)));
      const rest = negated([...points, one(first)]);
      return group.sum([{ point: rest, scalar: inverseOf(BigInt(index)) }]) ?? assert.fail();
    });
    const [hospital, insurer, laboratory] = play.dealing.deals;
    const organisation = 'laboratory';
    for (const deals of [
      [hospital, insurer, laboratory],
      [laboratory, hospital, insurer],
    ]) {
      play.dealing = { ...play.dealing, deals: deals.map((deal) => deal ?? assert.fail()) };
      assert.throws(() => play.state, failsWith('DEAL_INVALID', { organisation }));
    }
  });
});

/** Of a small number, modulo the order of the group. */
function inverseOf(number: bigint): bigint {
  let multiple = 1n;
  while (multiple % number !== 0n) multiple += GROUP_ORDER;
  return multiple / number;
}

function one(point: Uint8Array): PointTerm {
  return { point, scalar: 1n };
}

/** Terms by which the pharmacy joins and somebody leaves. */
function moved(
  network: NetworkFile,
  joins: readonly Organisation[],
  leaves: Organisation,
): SuccessorTerms {
  const terms = termsOf(network, (network.before?.at(-1)?.until ?? FROM) + 1000);
  const stays = (each: { readonly organisation: Organisation }) => each.organisation !== leaves;
  return {
    ...terms,
    authority: {
      ...terms.authority,
      members: [...terms.authority.members.filter(stays), ...joins.map(seatIn('authority'))],
    },
    channels: terms.channels.map((channel) => ({
      ...channel,
      coordinators: [...channel.coordinators.filter(stays), ...joins.map(seatIn('coordinator'))],
      logs: [...channel.logs, ...joins.map(logOfNewcomer)],
    })),
  };
}

function publicKeys(network: NetworkFile): readonly string[] {
  return network.channels.flatMap(releasesIn).map(({ publicKey }) => publicKey);
}

/** The key that two organisations release together, which is the same for any two. */
function opened(network: NetworkFile, place: number, names: readonly Organisation[]): string {
  const key = releaseKeysOf(network, 'care/hospital')[place] ?? assert.fail();
  const release = network.channels.flatMap(releasesIn)[place] ?? assert.fail();
  const shares = names.map((name) => {
    const own = release.shares.find(({ organisation }) => organisation === name) ?? assert.fail();
    const secret = dealers.get(name)?.shares.get(own.key) ?? assert.fail();
    const memberKey = key.members.get(own.index) ?? assert.fail();
    const of = { keyId: key.id, identity: IDENTITY, point: BASE, index: own.index, memberKey };
    const share = extractShare(group, of, secret, randomBytes);
    assert.ok(isShareOf(group, of, share));
    return { index: own.index, share };
  });
  return Buffer.from(combineShares(group, shares)).toString('hex');
}

/** Number of keys that a change names, as far as it has come. */
function made({ state }: DealingPlay): number {
  return state.releases?.length ?? 0;
}

function invalid(organisation: Organisation): (error: unknown) => boolean {
  return failsWith('DEAL_INVALID', { organisation });
}

describe('shares of a release key that organisations deal by a change', () => {
  it('make one key, which any two open', () => {
    const [release] = guarded.channels.flatMap(releasesIn);
    assert.deepEqual(
      release?.shares.map(({ index }) => index),
      [1, 2, 3],
    );
    assert.equal(release?.threshold, 2);
    const first = opened(guarded, 0, ['hospital', 'laboratory']);
    assert.equal(opened(guarded, 0, ['laboratory', 'insurer']), first);
  });

  it('are dealt again to others: the key stays, indices are not given again, and shares of before no longer fit', async () => {
    const before = opened(guarded, 0, ['hospital', 'laboratory']);
    const terms = moved(guarded, ['pharmacy'], 'insurer');
    const play = new DealingPlay(guarded, terms, 'refresh', dealers);
    const members = ['hospital', 'laboratory', 'pharmacy'];
    const after = await play.play(members, ['laboratory', 'insurer']);
    assert.deepEqual(publicKeys(after), publicKeys(guarded));
    const [release, old] = [after, guarded].map((file) => file.channels.flatMap(releasesIn)[0]);
    assert.deepEqual(
      release?.shares.map(({ organisation, index }) => [organisation, index]),
      [
        ['hospital', 1],
        ['laboratory', 2],
        ['pharmacy', 4],
      ],
    );
    assert.equal(opened(after, 0, ['hospital', 'pharmacy']), before);
    assert.ok(old?.shares.every(({ key }) => release?.shares.every((each) => each.key !== key)));
    const again = new DealingPlay(
      after,
      moved(after, ['clinic'], 'laboratory'),
      'refresh',
      dealers,
    );
    const last = await again.play(['hospital', 'pharmacy', 'clinic'], ['hospital', 'laboratory']);
    assert.equal(opened(last, 0, ['pharmacy', 'clinic']), before);
    const indices = last.channels.flatMap(releasesIn)[0]?.shares.map(({ index }) => index);
    assert.deepEqual(indices, [1, 4, 5]);
  });

  it('make a second key, beside which the first one opens as before; both are dealt again', async () => {
    const first = opened(guarded, 0, ALL.slice(0, 2));
    const second = new DealingPlay(guarded, termsOf(guarded, FROM + 1000), 'new', dealers);
    const two = await second.play(ALL);
    assert.deepEqual(publicKeys(two).slice(1), publicKeys(guarded));
    assert.equal(opened(two, 1, ALL.slice(1)), first);
    const third = new DealingPlay(two, moved(two, ['pharmacy'], 'hospital'), 'refresh', dealers);
    const [newest, former] = [0, 1].map((place) => opened(two, place, ALL.slice(1)));
    const after = await third.play(['laboratory', 'insurer', 'pharmacy'], ['hospital', 'insurer']);
    assert.equal(opened(after, 0, ['laboratory', 'pharmacy']), newest);
    assert.equal(opened(after, 1, ['laboratory', 'pharmacy']), former);
    const fourth = new DealingPlay(after, moved(after, ['clinic'], 'insurer'), 'new', dealers);
    const all = ['laboratory', 'pharmacy', 'clinic'];
    await fourth.announce(...all);
    await fourth.deal(...all);
    for (const name of all) await fourth.take(name);
    assert.equal(publicKeys(fourth.network).length, 3);
    assert.equal(opened(fourth.network, 2, ['pharmacy', 'clinic']), former);
    const only = new DealingPlay(after, moved(after, ['clinic'], 'insurer'), 'replace', dealers);
    const replaced = await only.play(all);
    assert.equal(publicKeys(replaced).length, 1);
    assert.ok(!publicKeys(after).includes(publicKeys(replaced)[0] ?? ''));
  });

  // @attack a sitting organisation does not deal, so that shares cannot be dealt again | any other one does
  it('need all who get a share for a new key, and as many sitting ones as open for one that there is', async () => {
    const fresh = new DealingPlay(unguarded, termsOf(unguarded, FROM), 'new');
    assert.deepEqual(fresh.state.silent, ALL);
    await fresh.announce('hospital', 'insurer');
    assert.deepEqual(fresh.state.silent, ['laboratory']);
    assert.equal(fresh.state.round, undefined);
    await fresh.announce('laboratory');
    await fresh.deal('hospital', 'laboratory');
    assert.equal(made(fresh), 0);
    assert.equal(keysToDeal(fresh.state, 'insurer').length, 1);
    await fresh.deal('insurer');
    assert.equal(made(fresh), 1);
    const again = new DealingPlay(guarded, termsOf(guarded, FROM + 1000), 'refresh', dealers);
    await again.announce(...ALL);
    await again.deal('insurer');
    assert.equal(made(again), 0);
    // The laboratory is silent: any other sitting one takes its place.
    await again.deal('hospital');
    assert.equal(made(again), 1);
    assert.deepEqual(keysToDeal(again.state, 'laboratory'), []);
  });

  it('cannot be dealt again if there is no key, nor in a channel that does not exist', () => {
    const terms = termsOf(unguarded, FROM);
    const no = failsWith('SUCCESSOR_INVALID');
    assert.throws(stateWith(new DealingPlay(unguarded, terms, 'refresh')), no);
    assert.throws(stateWith(new DealingPlay(unguarded, terms, 'new'), { channel: 'other' }), no);
  });

  // @attack whoever drafts a change that deals shares in one channel puts a release key of its own into another, which nobody verified | nobody deals or signs
  it('are not dealt by a change that brings a release key into another channel: nobody verifies that one', () => {
    const terms = termsOf(guarded, FROM + 1000);
    const [care = assert.fail()] = terms.channels;
    const key = care.release ?? assert.fail();
    const foreign = {
      ...research,
      release: { ...key, publicKey: `0x${'a1'.repeat(96)}` as const },
    };
    const no = failsWith('SUCCESSOR_INVALID', {
      reason: 'it changes the release keys of research too: deal those by a change of their own',
    });
    const added = { ...terms, channels: [care, foreign] };
    assert.throws(stateWith(new DealingPlay(guarded, added, 'refresh')), no);
    const two = { ...guarded, channels: [care, research] };
    const exchanged = { ...terms, channels: [care, foreign] };
    assert.throws(stateWith(new DealingPlay(two, exchanged, 'refresh')), no);
    const kept = { ...terms, channels: [care, research] };
    assert.equal(new DealingPlay(two, kept, 'refresh').state.silent.length, 3);
  });

  // @attack whoever drafts a change has shares dealt of which fewer than a quorum open, or one alone, and lets the change itself fail | nobody deals: the file that it makes would not be valid
  it('are not dealt by a change that could not be signed: so many as it says would open, whoever signs', () => {
    const terms = termsOf(guarded, FROM + 1000);
    for (const views of [0, 1, 4]) {
      const channels = terms.channels.map((channel) => {
        return { ...channel, thresholds: { ...channel.thresholds, views } };
      });
      for (const release of ['new', 'refresh', 'replace'] as const) {
        const play = new DealingPlay(guarded, { ...terms, channels }, release);
        assert.throws(stateWith(play), failsWith('NETWORK_FILE_INVALID'), `${views} ${release}`);
      }
    }
  });

  it('are not dealt by whoever lacks its share, or has one of before', async () => {
    const absent = failsWith('SHARE_ABSENT');
    const play = new DealingPlay(guarded, termsOf(guarded, FROM + 1000), 'refresh', new Map());
    await play.announce(...ALL);
    await assert.rejects(play.deal('hospital'), absent);
  });
});

describe('a dealer that lies is named', () => {
  // @attack a dealer of a release key’s shares deals something else than its share, or what it does not know | named, by everybody who reads the file
  it('if it deals another secret than its share, or proves nothing', async () => {
    const play = await resharing();
    const own = dealers.get('insurer')?.shares ?? assert.fail();
    const mine = new Map(dealers.get('hospital')?.shares);
    const [release] = guarded.channels.flatMap(releasesIn);
    const keyOf = (name: Organisation) =>
      release?.shares.find(({ organisation }) => organisation === name)?.key ?? assert.fail();
    const liar = new DealingPlay(
      guarded,
      moved(guarded, ['pharmacy'], 'insurer'),
      'refresh',
      new Map(),
    );
    liar.dealing = { ...play.dealing, deals: [] };
    liar
      .dealer('hospital')
      .shares.set(keyOf('hospital'), own.get(keyOf('insurer')) ?? assert.fail());
    await liar.deal('hospital');
    assert.throws(() => liar.state, invalid('hospital'));
    assert.ok(mine.has(keyOf('hospital')));
    const [deal] = play.dealing.deals;
    const [part] = deal?.keys ?? [];
    const [other] = play.dealing.deals[1]?.keys ?? [];
    for (const alter of [
      { proof: other?.proof },
      { commitments: other?.commitments },
      { commitments: part?.commitments.toReversed() },
      { commitments: part?.commitments.slice(1) },
      { commitments: part?.commitments.map(() => `0xc0${'00'.repeat(95)}`) },
    ]) {
      const held = play.dealing;
      play.dealing = forged(play, () => ({ keys: [{ ...part, ...alter }] }));
      assert.throws(() => play.state, invalid('hospital'));
      play.dealing = held;
    }
    for (const keys of [[part, part], [{ ...part, key: undefined }]]) {
      const held = play.dealing;
      play.dealing = forged(play, () => ({ keys }));
      assert.throws(() => play.state, invalid('hospital'));
      play.dealing = held;
    }
  });

  // @attack a dealer gives a member a share that does not fit, another one’s, or one that is sealed to somebody else | named by that member before anybody signs; another one deals
  it('by each member whose share does not hold: another value, another’s share, sealed to somebody else, or nothing', async () => {
    const play = await resharing();
    const [deal] = play.dealing.deals;
    const sealed = (name: Organisation) =>
      deal?.shares.find(({ organisation }) => organisation === name)?.sealed ?? assert.fail();
    const swap: Record<Organisation, string> = {
      hospital: sealed('hospital'),
      laboratory: sealed('pharmacy'),
      pharmacy: sealed('laboratory'),
    };
    const held = play.dealing;
    play.dealing = forged(play, ({ shares }) => ({
      shares: shares.map((each) => ({ ...each, sealed: swap[each.organisation] })),
    }));
    await play.take('hospital');
    await assert.rejects(play.take('laboratory'), invalid('hospital'));
    await assert.rejects(play.take('pharmacy'), invalid('hospital'));
    play.dealing = held;
    // The share that the laboratory dealt to the pharmacy, said to be the hospital's.
    const others = play.dealing.deals[1]?.shares ?? [];
    play.dealing = forged(play, () => ({ shares: others }));
    await assert.rejects(play.take('pharmacy'), invalid('hospital'));
    play.dealing = held;
    play.dealing = forged(play, ({ shares }) => ({
      shares: shares.map((each) => ({ ...each, sealed: '0x6e6f7468696e67' as const })),
    }));
    await assert.rejects(play.take('pharmacy'), invalid('hospital'));
    play.dealing = forged(play, ({ shares }) => ({ shares: shares.slice(1) }));
    assert.throws(() => play.state, invalid('hospital'));
  });

  // @attack a deal of another change is played in, or whoever carries the file exchanges parts of a deal | refused
  it('if its deal is of another change, of other recipients, or was signed by somebody else', async () => {
    const [play, other] = [await resharing(), await resharing()];
    const { deals } = other.dealing;
    const [own = assert.fail(), second = assert.fail()] = play.dealing.deals;
    const held = play.dealing;
    play.dealing = { ...held, deals };
    assert.throws(() => play.state, invalid('hospital'));
    // Whoever carries the file exchanges what the dealer gave, and has nothing to sign with.
    play.dealing = { ...held, deals: [{ ...own, shares: second.shares }, second] };
    assert.throws(() => play.state, invalid('hospital'));
    play.dealing = { ...held, deals: [{ ...own, organisation: 'insurer' }, second] };
    assert.throws(() => play.state, invalid('insurer'));
    play.dealing = { ...held, deals: [own, own] };
    assert.throws(() => play.state, invalid('hospital'));
    // Signed again by its dealer: the proof is still that of another ceremony.
    const replayed = deals[0] ?? assert.fail();
    play.dealing = held;
    play.dealing = forged(play, () => replayed);
    assert.throws(() => play.state, invalid('hospital'));
    for (const successor of [
      { ...held.successor, from: held.successor.from + 1 },
      { ...held.successor, ...termsOf(guarded, held.successor.from) },
    ]) {
      play.dealing = { ...held, successor };
      assert.throws(() => play.state, failsWith('DEAL_INVALID'));
    }
    play.dealing = { ...held, release: 'replace' };
    assert.throws(() => play.state, failsWith('DEAL_INVALID'));
  });

  // @attack whoever carries the file has shares sealed to a recipient of its own | refused, and again by the member’s own folder
  it('and so is a member whose recipient is of somebody else, was exchanged, or is there twice', async () => {
    const play = await resharing();
    const { recipients } = play.dealing;
    const [first = assert.fail(), second = assert.fail()] = recipients;
    const others = recipients.slice(1);
    for (const wrong of [
      { ...first, recipient: second.recipient },
      { ...first, signature: second.signature },
    ]) {
      play.dealing = { ...play.dealing, recipients: [wrong, ...others] };
      assert.throws(() => play.state, invalid('hospital'));
    }
    play.dealing = { ...play.dealing, recipients: [first, first, ...others] };
    assert.throws(() => play.state, invalid('hospital'));
    play.dealing = {
      ...play.dealing,
      recipients: [...recipients, { ...first, organisation: 'insurer' }],
    };
    assert.throws(() => play.state, invalid('insurer'));
    play.dealing = { ...play.dealing, recipients: others };
    assert.throws(() => play.state, invalid('hospital'));
  });

  // @attack whoever drafts a change gives a member another key, of its own, and takes that member’s share | refused: the key that is known must give the recipient too
  it('and so is one whose key the change exchanges, unless the key that is known gave its recipient too: else a stranger would get its share', async () => {
    const terms = termsOf(guarded, FROM + 1000);
    const stranger = signatory('another key');
    const channels = terms.channels.map((channel) => withCoordinator(channel, 'insurer', stranger));
    const play = new DealingPlay(guarded, { ...terms, channels }, 'refresh', dealers);
    await play.announce('hospital', 'laboratory');
    const held = play.dealing;
    const recipient = held.recipients[0]?.recipient ?? assert.fail();
    const known = signatory('coordinator of insurer');
    const give = (former?: typeof known): (() => unknown) => {
      const giver = { organisation: 'insurer', key: stranger, former };
      const { state } = play;
      return stateWith(play, giveRecipient(play, state, held, giver, recipient));
    };
    for (const former of [undefined, stranger, signatory('coordinator of hospital')]) {
      assert.throws(give(former), invalid('insurer'));
      play.dealing = held;
    }
    assert.doesNotThrow(give(known));
    play.dealing = held;
    const old = giveRecipient(
      play,
      play.state,
      held,
      { organisation: 'insurer', key: known, former: known },
      recipient,
    );
    assert.throws(stateWith(play, old), invalid('insurer'));
  });
});

async function resharing(): Promise<DealingPlay> {
  const terms = moved(guarded, ['pharmacy'], 'insurer');
  const play = new DealingPlay(guarded, terms, 'refresh', dealers);
  await play.announce('hospital', 'laboratory', 'pharmacy');
  await play.deal('hospital', 'laboratory');
  return play;
}

/** The deals of three, of which the laboratory dealt last: one of its commitments is chosen from what the others committed to. */
async function cancelling(
  choose: (others: readonly Deal[], first: Uint8Array, index: number) => Uint8Array,
): Promise<DealingPlay> {
  const play = new DealingPlay(unguarded, termsOf(unguarded, FROM), 'new');
  await play.announce(...ALL);
  await play.deal('hospital', 'insurer');
  const others = play.state.keys[0]?.deals.map(({ deal }) => deal) ?? assert.fail();
  const index = play.state.plan.members.find((each) => each.organisation === 'laboratory')?.index;
  let asked = 0;
  let first: Uint8Array = new Uint8Array();
  const chosen = Object.create(group, {
    base: {
      value(secret: Uint8Array) {
        asked += 1;
        if (asked === 1) first = group.base(secret);
        return asked === 2 ? choose(others, first, index ?? 0) : group.base(secret);
      },
    },
  }) as typeof group;
  const giver = { ...play.giver('laboratory'), shares: play.sharesOf('laboratory') };
  const primitives = { ...play.primitives, group: chosen };
  const ports = { primitives, random: randomBytes, predecessor: unguarded };
  const { deals } = await giveDeal(ports, play.state, play.dealing, giver);
  // The order in a file is anybody's to choose.
  play.dealing = { ...play.dealing, deals };
  return play;
}

function negated(terms: readonly PointTerm[]): Uint8Array {
  const point = group.sum(terms) ?? assert.fail();
  return group.sum([{ point, scalar: GROUP_ORDER - 1n }]) ?? assert.fail();
}

/** Alters the first deal, and has its dealer sign what came out. */
function forged(play: DealingPlay, alter: (deal: Dealing['deals'][number]) => object): Dealing {
  const [first = assert.fail(), ...others] = play.dealing.deals;
  const altered = { ...first, ...alter(first) };
  const part = dealPart(context.primitives, play.state.round ?? assert.fail(), altered);
  const at = { primitives: context.primitives, domain: domainOf(guarded) };
  const { signature } = sign(at, signatory('coordinator of hospital'), 'ShareDeal', part);
  return { ...play.dealing, deals: [{ ...altered, signature }, ...others] };
}

/** A member of an office, with the key that its name stands for. */
function seatIn(office: string): (organisation: Organisation) => Member {
  return (organisation) => ({
    organisation,
    address: signatory(`${office} of ${organisation}`).address,
  });
}

function stateWith(play: DealingPlay, part: Partial<Dealing> = {}): () => unknown {
  play.dealing = { ...play.dealing, ...part };
  return () => play.state;
}
