import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { randomBytes } from '@noble/hashes/utils.js';
import * as fc from 'fast-check';
import { equalBytes, utf8ToBytes } from '../bytes.ts';
import { areSharesOf, isShareOf } from './isShareOf.ts';
import { combineShares } from './combineShares.ts';
import { createDeal, type DealMade } from './createDeal.ts';
import type { Ceremony, Deal } from './Deal.ts';
import { extractShare } from './extractShare.ts';
import { isDeal, isDealtShare } from './isDeal.ts';
import { isOwnShare, joinDeals, joinShares } from './joinDeals.ts';
import type { KeyShare } from './KeyShare.ts';
import { BASE_G2, type PairingPort } from './PairingPort.ts';
import { GROUP_ORDER, scalarBytes } from './scalars.ts';
import { sampleKey, type SampleKey } from './test/sampleKey.ts';

const MALFORMED = { code: 'REQUEST_MALFORMED' };
const IDENTITY = utf8ToBytes('a record version');
const OTHER = utf8ToBytes('another record version');

/**
 * The cases of founding, release and change of a threshold key, over every implementation of the port.
 *
 * @param name - Name of the implementation.
 * @param load - Gives it.
 */
export function thresholdKeyCases(name: string, load: () => Promise<PairingPort>): void {
  describe(`a threshold key over ${name}`, async () => {
    const pairing = await load();
    const shareOf = ({ secrets }: SampleKey, index: number, identity = IDENTITY): KeyShare => ({
      index,
      share: extractShare(pairing, secrets.get(index) ?? 0n, identity),
    });
    const keyOf = (sample: SampleKey, indices: readonly number[]): Uint8Array =>
      combineShares(
        pairing,
        indices.map((index) => shareOf(sample, index)),
      );
    const opens = ({ key }: SampleKey, evidence: Uint8Array, identity = IDENTITY): boolean =>
      pairing.pairEqual([evidence, BASE_G2], [pairing.hashToG1(identity), key.publicKey]);
    const reshared = (
      from: SampleKey,
      dealers: readonly number[],
      ceremony: Ceremony,
    ): SampleKey => {
      const made = dealers.map((dealer) =>
        createDeal(pairing, ceremony, dealer, randomBytes, from.secrets.get(dealer) ?? 0n),
      );
      for (const { deal } of made) {
        assert.equal(isDeal(pairing, ceremony, deal, from.key.members.get(deal.dealer)), true);
      }
      const deals = made.map(({ deal }) => deal);
      const key = joinDeals(pairing, ceremony, deals, 'resharing');
      const given = (member: number): { deal: Deal; share: bigint }[] =>
        made.map(({ deal, shares }) => ({ deal, share: shares.get(member) ?? 0n }));
      const secrets = new Map(
        ceremony.members.map((member) => [
          member,
          joinShares(pairing, key, member, given(member), 'resharing'),
        ]),
      );
      return { ceremony, key, secrets };
    };
    const sample = sampleKey(pairing, randomBytes);

    it('gives one key of an identity from any shares of as many members as the threshold, and from fewer another', () => {
      fc.assert(
        fc.property(
          fc.integer({ min: 1, max: 4 }),
          fc.uniqueArray(fc.integer({ min: 1, max: 40 }), { minLength: 4, maxLength: 5 }),
          (threshold, members) => {
            const own = sampleKey(pairing, randomBytes, threshold, members);
            const first = keyOf(own, members.slice(0, threshold));
            assert.deepEqual(keyOf(own, members.slice(-threshold)), first);
            assert.deepEqual(keyOf(own, members.toReversed().slice(0, threshold)), first);
            assert.equal(opens(own, first), true);
            if (threshold === 1) return;
            assert.equal(opens(own, keyOf(own, members.slice(0, threshold - 1))), false);
          },
        ),
        { numRuns: 4 },
      );
    });

    it('gives a key that opens no other identity', () => {
      assert.equal(opens(sample, keyOf(sample, [1, 3]), OTHER), false);
    });

    it('gives no key from one member twice, an index out of range, or nothing', () => {
      const share = shareOf(sample, 1);
      assert.throws(() => combineShares(pairing, [share, share]), MALFORMED);
      assert.throws(() => combineShares(pairing, []), MALFORMED);
      for (const index of [0, -1, 1.5, 65_536, Number.NaN]) {
        assert.throws(() => combineShares(pairing, [{ ...share, index }]), MALFORMED);
      }
    });

    it('tells a share from one of another member, of another identity, and from what is not a point', async () => {
      const memberKey = sample.key.members.get(2) as Uint8Array;
      const { share } = shareOf(sample, 2);
      assert.equal(await isShareOf(pairing, share, IDENTITY, memberKey), true);
      assert.equal(await isShareOf(pairing, share, OTHER, memberKey), false);
      assert.equal(await isShareOf(pairing, shareOf(sample, 1).share, IDENTITY, memberKey), false);
      const infinity = new Uint8Array(48);
      infinity[0] = 0xc0;
      for (const bad of [infinity, new Uint8Array(48), new Uint8Array(), BASE_G2]) {
        assert.equal(await isShareOf(pairing, bad, IDENTITY, memberKey), false);
        assert.equal(await isShareOf(pairing, share, IDENTITY, bad), false);
      }
    });

    it('tells whether all of many shares are a member’s, also if two false ones would add up', () => {
      const memberKey = sample.key.members.get(2) as Uint8Array;
      const identities = [IDENTITY, OTHER];
      const shares = identities.map((identity) => shareOf(sample, 2, identity).share);
      const check = (given: readonly (Uint8Array | undefined)[]): boolean =>
        areSharesOf(
          pairing,
          given.map((share, place) => ({
            share: share ?? new Uint8Array(),
            identity: identities[place] ?? new Uint8Array(),
          })),
          memberKey,
          randomBytes,
        );
      assert.equal(check(shares), true);
      assert.equal(check(shares.toReversed()), false);
      assert.equal(check([shares[0], shareOf(sample, 1, OTHER).share]), false);
      assert.equal(check([shares[0], undefined]), false);
      assert.equal(check([]), false);
    });

    describe('a deal', () => {
      const { ceremony } = sample;
      const made = createDeal(pairing, ceremony, 1, randomBytes);
      const { deal } = made;

      it('is taken, with each share that it commits to', () => {
        assert.equal(isDeal(pairing, ceremony, deal), true);
        for (const [member, share] of made.shares) {
          assert.equal(isDealtShare(pairing, deal, member, share), true);
        }
      });

      it('refuses a share of another member, and one that is altered', () => {
        const [one, two] = [made.shares.get(1) ?? 0n, made.shares.get(2) ?? 0n];
        assert.equal(isDealtShare(pairing, deal, 1, two), false);
        assert.equal(isDealtShare(pairing, deal, 1, (one % (GROUP_ORDER - 1n)) + 1n), false);
        for (const bad of [0n, GROUP_ORDER, -one]) {
          assert.equal(isDealtShare(pairing, deal, 1, bad), false);
        }
      });

      it('counts in its own ceremony, of its own dealer, alone', () => {
        const others: readonly Ceremony[] = [
          { ...ceremony, context: utf8ToBytes('another founding') },
          { ...ceremony, members: [1, 2, 4] },
          { ...ceremony, threshold: 3 },
        ];
        for (const other of others) assert.equal(isDeal(pairing, other, deal), false);
        assert.equal(isDeal(pairing, ceremony, { ...deal, dealer: 2 }), false);
      });

      it('is refused if one of its parts is exchanged, missing, doubled or malformed', () => {
        const other = createDeal(pairing, ceremony, 1, randomBytes).deal;
        const [first, second] = deal.commitments as [Uint8Array, Uint8Array];
        const infinity = new Uint8Array(96);
        infinity[0] = 0xc0;
        const altered: readonly Deal[] = [
          { ...deal, commitments: other.commitments },
          { ...deal, commitments: [first] },
          { ...deal, commitments: [] },
          { ...deal, commitments: [first, second, second] },
          { ...deal, commitments: [second, first] },
          { ...deal, commitments: [first, infinity] },
          { ...deal, commitments: [infinity, second] },
          { ...deal, commitments: [first, first.subarray(1)] },
          { ...deal, proof: other.proof },
          { ...deal, proof: { ...deal.proof, commitment: other.proof.commitment } },
          { ...deal, proof: { ...deal.proof, response: other.proof.response } },
          { ...deal, proof: { ...deal.proof, response: new Uint8Array(32) } },
          { ...deal, proof: { ...deal.proof, response: new Uint8Array(31) } },
          { ...deal, proof: { ...deal.proof, response: scalarBytes(GROUP_ORDER) } },
        ];
        for (const bad of altered) assert.equal(isDeal(pairing, ceremony, bad), false);
      });

      it('that would cancel another’s is refused, for its dealer does not know what it shares', () => {
        const mine = createDeal(pairing, ceremony, 2, randomBytes);
        const [theirs, own] = [deal.commitments[0], mine.deal.commitments[0]];
        const rogue = pairing.sumG2([
          { point: own as Uint8Array, scalar: 1n },
          { point: theirs as Uint8Array, scalar: GROUP_ORDER - 1n },
        ]);
        const commitments = [rogue, ...mine.deal.commitments.slice(1)];
        assert.equal(isDeal(pairing, ceremony, { ...mine.deal, commitments }), false);
      });

      it('is not made for a threshold or members that no ceremony has', () => {
        const bad: readonly Partial<Ceremony>[] = [
          { threshold: 0 },
          { threshold: 4 },
          { threshold: 1.5 },
          { members: [] },
          { members: [1, 1, 2] },
          { members: [0, 1, 2] },
        ];
        for (const part of bad) {
          const other = { ...ceremony, ...part };
          assert.throws(() => createDeal(pairing, other, 1, randomBytes), MALFORMED);
          assert.throws(() => isDeal(pairing, other, deal), MALFORMED);
        }
      });

      it('joins with others only once for each dealer, and a share must be the one of the joint key', () => {
        const both = [deal, createDeal(pairing, ceremony, 2, randomBytes).deal];
        assert.throws(() => joinDeals(pairing, ceremony, [deal, deal], 'founding'), MALFORMED);
        assert.throws(() => joinDeals(pairing, ceremony, [], 'founding'), MALFORMED);
        const key = joinDeals(pairing, ceremony, both, 'founding');
        const dealt = both.map((one) => ({ deal: one, share: made.shares.get(1) ?? 0n }));
        assert.throws(() => joinShares(pairing, key, 1, dealt, 'founding'), MALFORMED);
      });
    });

    describe('dealt again', () => {
      const ceremony = { context: utf8ToBytes('a change'), threshold: 3, members: [2, 3, 4, 5] };
      const next = reshared(sample, [1, 3], ceremony);

      it('keeps its public key and every identity’s key, for other members and another threshold', () => {
        assert.deepEqual(next.key.publicKey, sample.key.publicKey);
        assert.deepEqual(keyOf(next, [5, 2, 4]), keyOf(sample, [1, 2]));
        assert.equal(opens(next, keyOf(next, [2, 3])), false);
      });

      it('makes old shares worthless: they mix with no new ones, and are told apart', () => {
        const mixed = [shareOf(sample, 2), shareOf(next, 3), shareOf(next, 4)];
        assert.equal(opens(next, combineShares(pairing, mixed)), false);
        assert.equal(isOwnShare(pairing, next.key, 2, next.secrets.get(2) ?? 0n), true);
        assert.equal(isOwnShare(pairing, next.key, 2, sample.secrets.get(2) ?? 0n), false);
        assert.equal(isOwnShare(pairing, next.key, 1, sample.secrets.get(1) ?? 0n), false);
      });

      it('refuses a dealer that shares something else than its share', () => {
        const { deal }: DealMade = createDeal(pairing, ceremony, 1, randomBytes);
        assert.equal(isDeal(pairing, ceremony, deal), true);
        assert.equal(isDeal(pairing, ceremony, deal, sample.key.members.get(1)), false);
      });

      it('from fewer dealers than the old threshold gives another key, which everybody sees', () => {
        const short = reshared(sample, [1], ceremony);
        assert.equal(equalBytes(short.key.publicKey, sample.key.publicKey), false);
      });
    });
  });
}
