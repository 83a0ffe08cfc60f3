import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { randomBytes } from '@noble/hashes/utils.js';
import * as fc from 'fast-check';
import { equalBytes, utf8ToBytes } from '../bytes.ts';
import type { Random } from '../Random.ts';
import { combineShares } from './combineShares.ts';
import { createDeal, type DealMade } from './createDeal.ts';
import type { Ceremony, Deal } from './Deal.ts';
import { extractShare, isShareOf, type ShareOf } from './extractShare.ts';
import { BASE, POINT_LENGTH, type GroupPort } from './GroupPort.ts';
import { isDeal, isDealtShare } from './isDeal.ts';
import { isOwnShare, joinDeals, joinShares } from './joinDeals.ts';
import type { KeyShare } from './KeyShare.ts';
import { createSeal, readSeal } from './releaseSeal.ts';
import { GROUP_ORDER, scalarBytes, toInteger } from './scalars.ts';
import { sampleKey, type SampleKey } from './test/sampleKey.ts';

const MALFORMED = { code: 'REQUEST_MALFORMED' };
const KEY_ID = new Uint8Array(32).fill(7);
const IDENTITY = utf8ToBytes('a record version');

/** Parts on which the nonce of a proof depends: a secret, two that say what the proof is for, and the random bytes. */
const INPUT_PARTS = ['secret', 'use', 'place', 'random'] as const;
type NonceInput = Readonly<Record<(typeof INPUT_PARTS)[number], number>>;
const NONCE_INPUT: fc.Arbitrary<NonceInput> = fc.record({
  secret: fc.integer({ min: 1, max: 200 }),
  use: fc.integer({ min: 1, max: 200 }),
  place: fc.integer({ min: 1, max: 200 }),
  random: fc.integer({ min: 1, max: 200 }),
});

/** A generator that always gives one byte. */
function constant(byte: number): Random {
  return (length) => new Uint8Array(length).fill(byte);
}

/** A broken generator. */
function repeating(length: number): Uint8Array {
  return new Uint8Array(length).fill(3);
}

/**
 * The cases of founding, release and change of a release key, over every implementation of the port.
 *
 * @param name - Name of the implementation.
 * @param load - Gives it.
 */
export function thresholdKeyCases(name: string, load: () => Promise<GroupPort>): void {
  describe(`a release key over ${name}`, async () => {
    const group = await load();
    const label = { keyId: KEY_ID, identity: IDENTITY, encapsulation: new Uint8Array(32).fill(4) };
    const sealedFor = ({ key }: SampleKey): { point: Uint8Array; shared: Uint8Array } => {
      const { seal, shared } = createSeal(group, key.publicKey, label, KEY_ID, randomBytes);
      return { point: readSeal(seal).point, shared };
    };
    const ofMember = ({ key }: SampleKey, index: number, point: Uint8Array): ShareOf => ({
      keyId: KEY_ID,
      identity: IDENTITY,
      point,
      index,
      memberKey: key.members.get(index) ?? BASE,
    });
    const shareOf = (sample: SampleKey, index: number, point: Uint8Array): KeyShare => {
      const secret = scalarBytes(sample.secrets.get(index) ?? 0n);
      return {
        index,
        share: extractShare(group, ofMember(sample, index, point), secret, randomBytes),
      };
    };
    const found = (sample: SampleKey, indices: readonly number[], point: Uint8Array): Uint8Array =>
      combineShares(
        group,
        indices.map((index) => shareOf(sample, index, point)),
      );
    const reshared = (
      from: SampleKey,
      dealers: readonly number[],
      ceremony: Ceremony,
    ): SampleKey => {
      const made = dealers.map((dealer) =>
        createDeal(group, ceremony, dealer, randomBytes, from.secrets.get(dealer) ?? 0n),
      );
      for (const { deal } of made) {
        assert.equal(isDeal(group, ceremony, deal, from.key.members.get(deal.dealer)), true);
      }
      const deals = made.map(({ deal }) => deal);
      const key = joinDeals(group, ceremony, deals, 'resharing');
      const given = (member: number): { deal: Deal; share: bigint }[] =>
        made.map(({ deal, shares }) => ({ deal, share: shares.get(member) ?? 0n }));
      const secrets = new Map(
        ceremony.members.map((member) => [
          member,
          joinShares(group, key, member, given(member), 'resharing'),
        ]),
      );
      return { ceremony, key, secrets };
    };
    const sample = sampleKey(group, randomBytes);
    const { point, shared } = sealedFor(sample);

    // @attack a broken generator repeats itself while a share is dealt twice, so that both proofs have one nonce | each nonce is a hash of the share and of what it is dealt for too
    it('has another nonce in each deal of a share, though the random bytes are the same', () => {
      const [first, second] = ['one', 'another'].map((context) => {
        const ceremony = { context: utf8ToBytes(context), threshold: 2, members: [1, 2, 3] };
        return createDeal(group, ceremony, 1, repeating, 5n).deal.proof.commitment;
      });
      assert.notDeepEqual(first, second);
    });

    it('gives what opens a seal from any shares of as many members as the threshold, and from fewer something else', () => {
      fc.assert(
        fc.property(
          fc.integer({ min: 1, max: 4 }),
          fc.uniqueArray(fc.integer({ min: 1, max: 40 }), { minLength: 4, maxLength: 5 }),
          (threshold, members) => {
            const own = sampleKey(group, randomBytes, threshold, members);
            const sealed = sealedFor(own);
            const first = members.slice(0, threshold);
            assert.deepEqual(found(own, first, sealed.point), sealed.shared);
            const last = members.slice(-threshold);
            assert.deepEqual(found(own, last, sealed.point), sealed.shared);
            if (threshold === 1) return;
            const fewer = found(own, members.slice(0, threshold - 1), sealed.point);
            assert.equal(equalBytes(fewer, sealed.shared), false);
          },
        ),
        { numRuns: 4 },
      );
    });

    it('gives what opens no other seal, of the same version neither', () => {
      const other = sealedFor(sample);
      assert.equal(equalBytes(found(sample, [1, 3], other.point), shared), false);
    });

    it('gives nothing from one member twice, an index out of range, or no member', () => {
      const share = shareOf(sample, 1, point);
      assert.throws(() => combineShares(group, [share, share]), MALFORMED);
      assert.throws(() => combineShares(group, []), MALFORMED);
      for (const index of [0, -1, 1.5, 65_536, Number.NaN]) {
        assert.throws(() => combineShares(group, [{ ...share, index }]), MALFORMED);
      }
      assert.throws(
        () => combineShares(group, [{ index: 1, share: new Uint8Array(97) }]),
        MALFORMED,
      );
    });

    it('tells a share from one of another member, seal, version, key, and from one that is altered', () => {
      const of = ofMember(sample, 2, point);
      const { share } = shareOf(sample, 2, point);
      assert.equal(isShareOf(group, of, share), true);
      const other = sealedFor(sample).point;
      const wrong: readonly ShareOf[] = [
        ofMember(sample, 1, point),
        { ...of, index: 1 },
        { ...of, memberKey: sample.key.members.get(1) ?? BASE },
        { ...of, memberKey: new Uint8Array(POINT_LENGTH) },
        { ...of, point: other },
        { ...of, point: new Uint8Array(POINT_LENGTH) },
        { ...of, identity: utf8ToBytes('another record version') },
        { ...of, keyId: new Uint8Array(32) },
      ];
      for (const each of wrong) assert.equal(isShareOf(group, each, share), false);
      const [own, theirs] = [share, shareOf(sample, 2, other).share];
      const altered = [
        new Uint8Array(97),
        new Uint8Array(),
        own.subarray(1),
        Uint8Array.of(...own, 0),
        Uint8Array.of(...theirs.subarray(0, POINT_LENGTH), ...own.subarray(POINT_LENGTH)),
        Uint8Array.of(...own.subarray(0, POINT_LENGTH), ...theirs.subarray(POINT_LENGTH)),
        withScalar(own, POINT_LENGTH, GROUP_ORDER),
        withScalar(own, POINT_LENGTH + 32, GROUP_ORDER),
        shareOf(sample, 1, point).share,
      ];
      for (const each of altered) assert.equal(isShareOf(group, of, each), false);
    });

    it('tells a share from one of which a byte was changed, whichever it is', () => {
      const of = ofMember(sample, 2, point);
      const { share } = shareOf(sample, 2, point);
      for (let place = 0; place < share.length; place += 5) {
        const altered = Uint8Array.from(share);
        altered[place] = (altered[place] ?? 0) ^ 1;
        assert.equal(isShareOf(group, of, altered), false, `byte ${place}`);
      }
    });

    it('gives the same point each time, and never proves two with one nonce', () => {
      const [one, two] = [shareOf(sample, 2, point).share, shareOf(sample, 2, point).share];
      assert.deepEqual(one.subarray(0, POINT_LENGTH), two.subarray(0, POINT_LENGTH));
      assert.equal(equalBytes(one.subarray(POINT_LENGTH), two.subarray(POINT_LENGTH)), false);
      // A source of randomness that always gives the same must not tell the secret by two proofs.
      const secret = scalarBytes(sample.secrets.get(2) ?? 0n);
      const proofs = [point, sealedFor(sample).point].map((each) =>
        extractShare(group, ofMember(sample, 2, each), secret, zeros),
      );
      const [left, right] = proofs.map((share) => ({
        challenge: toInteger(share.subarray(POINT_LENGTH, POINT_LENGTH + 32)),
        response: toInteger(share.subarray(POINT_LENGTH + 32)),
      }));
      assert.ok(left !== undefined && right !== undefined);
      const own = sample.secrets.get(2) ?? 0n;
      const nonces = [left, right].map(
        ({ challenge, response }) =>
          (((response - challenge * own) % GROUP_ORDER) + GROUP_ORDER) % GROUP_ORDER,
      );
      assert.notEqual(nonces[0], nonces[1]);
    });

    for (const [what, nonceFor] of [
      ['a share', ofShare],
      ['a seal', ofSeal],
      ['a deal', ofDeal],
    ] as const) {
      // @attack a broken generator repeats itself between two proofs with one secret, so that both have one nonce | each nonce is a hash of the secret and of all that the proof is for too
      it(`has one nonce in the proof of ${what} for one input, and another one once any part of it differs`, () => {
        fc.assert(
          fc.property(NONCE_INPUT, fc.constantFrom(...INPUT_PARTS), (input, part) => {
            const before = nonceFor(input);
            assert.deepEqual(nonceFor({ ...input }), before);
            const changed = nonceFor({ ...input, [part]: (input[part] % 200) + 1 });
            assert.equal(equalBytes(changed, before), false, part);
          }),
          { numRuns: 12 },
        );
      });
    }

    /** The nonce of a share's proof times the generator, for a member that releases. */
    function ofShare({ secret, use, place, random }: NonceInput): Uint8Array {
      const [own, at] = [scalarBytes(BigInt(secret)), group.base(scalarBytes(BigInt(place)))];
      const memberKey = group.base(own);
      const of = { keyId: KEY_ID, identity: Uint8Array.of(use), point: at, index: 1, memberKey };
      const share = extractShare(group, of, own, constant(random));
      const challenge = toInteger(share.subarray(POINT_LENGTH, POINT_LENGTH + 32));
      const response = toInteger(share.subarray(POINT_LENGTH + 32));
      return committed(memberKey, challenge, response);
    }

    /** The same of a seal's proof, for an author; the author's secret follows from the file's key. */
    function ofSeal({ secret, use, place, random }: NonceInput): Uint8Array {
      const { publicKey } = sample.key;
      const [encapsulation, key] = [Uint8Array.of(place), Uint8Array.of(secret)];
      const own = { keyId: KEY_ID, identity: Uint8Array.of(use), encapsulation };
      const made = readSeal(createSeal(group, publicKey, own, key, constant(random)).seal);
      return committed(made.point, made.challenge, made.response);
    }

    /** The same of a deal's proof, for a dealer. */
    function ofDeal({ secret, use, place, random }: NonceInput): Uint8Array {
      const ceremony = { context: Uint8Array.of(use), threshold: 2, members: [1, 2, 3] };
      return createDeal(group, ceremony, place, constant(random), BigInt(secret)).deal.proof
        .commitment;
    }

    function committed(multiple: Uint8Array, challenge: bigint, response: bigint): Uint8Array {
      const sum = group.sum([
        { point: BASE, scalar: response },
        { point: multiple, scalar: GROUP_ORDER - challenge },
      ]);
      return sum ?? assert.fail();
    }

    describe('a deal', () => {
      const { ceremony } = sample;
      const made = createDeal(group, ceremony, 1, randomBytes);
      const { deal } = made;

      it('is taken, with each share that it commits to', () => {
        assert.equal(isDeal(group, ceremony, deal), true);
        for (const [member, share] of made.shares) {
          assert.equal(isDealtShare(group, deal, member, share), true);
        }
      });

      it('refuses a share of another member, and one that is altered', () => {
        const [one, two] = [made.shares.get(1) ?? 0n, made.shares.get(2) ?? 0n];
        assert.equal(isDealtShare(group, deal, 1, two), false);
        assert.equal(isDealtShare(group, deal, 1, (one % (GROUP_ORDER - 1n)) + 1n), false);
        for (const bad of [0n, GROUP_ORDER, -one]) {
          assert.equal(isDealtShare(group, deal, 1, bad), false);
        }
      });

      it('counts in its own ceremony, of its own dealer, alone', () => {
        const others: readonly Ceremony[] = [
          { ...ceremony, context: utf8ToBytes('another founding') },
          { ...ceremony, members: [1, 2, 4] },
          { ...ceremony, threshold: 3 },
        ];
        for (const other of others) assert.equal(isDeal(group, other, deal), false);
        assert.equal(isDeal(group, ceremony, { ...deal, dealer: 2 }), false);
      });

      it('is refused if one of its parts is exchanged, missing, doubled or malformed', () => {
        const other = createDeal(group, ceremony, 1, randomBytes).deal;
        const [first, second] = deal.commitments as [Uint8Array, Uint8Array];
        const infinity = new Uint8Array(POINT_LENGTH);
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
        for (const bad of altered) assert.equal(isDeal(group, ceremony, bad), false);
      });

      it('that would cancel another’s is refused, for its dealer does not know what it shares', () => {
        const mine = createDeal(group, ceremony, 2, randomBytes);
        const [theirs, own] = [deal.commitments[0], mine.deal.commitments[0]];
        const rogue = group.sum([
          { point: own as Uint8Array, scalar: 1n },
          { point: theirs as Uint8Array, scalar: GROUP_ORDER - 1n },
        ]);
        assert.ok(rogue !== undefined);
        const commitments = [rogue, ...mine.deal.commitments.slice(1)];
        assert.equal(isDeal(group, ceremony, { ...mine.deal, commitments }), false);
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
          assert.throws(() => createDeal(group, other, 1, randomBytes), MALFORMED);
          assert.throws(() => isDeal(group, other, deal), MALFORMED);
        }
      });

      it('joins with others only once for each dealer, and a share must be the one of the joint key', () => {
        const both = [deal, createDeal(group, ceremony, 2, randomBytes).deal];
        assert.throws(() => joinDeals(group, ceremony, [deal, deal], 'founding'), MALFORMED);
        assert.throws(() => joinDeals(group, ceremony, [], 'founding'), MALFORMED);
        const key = joinDeals(group, ceremony, both, 'founding');
        const dealt = both.map((one) => ({ deal: one, share: made.shares.get(1) ?? 0n }));
        assert.throws(() => joinShares(group, key, 1, dealt, 'founding'), MALFORMED);
      });
    });

    describe('dealt again', () => {
      const ceremony = { context: utf8ToBytes('a change'), threshold: 3, members: [2, 3, 4, 5] };
      const next = reshared(sample, [1, 3], ceremony);

      it('keeps its public key, and opens what was sealed before, for other members and another threshold', () => {
        assert.deepEqual(next.key.publicKey, sample.key.publicKey);
        assert.deepEqual(found(next, [5, 2, 4], point), shared);
        assert.equal(equalBytes(found(next, [2, 3], point), shared), false);
      });

      it('makes old shares worthless: they mix with no new ones, and are told apart', () => {
        const mixed = [shareOf(sample, 2, point), shareOf(next, 3, point), shareOf(next, 4, point)];
        assert.equal(equalBytes(combineShares(group, mixed), shared), false);
        const before = shareOf(sample, 2, point).share;
        assert.equal(isShareOf(group, ofMember(next, 2, point), before), false);
        assert.equal(isOwnShare(group, next.key, 2, next.secrets.get(2) ?? 0n), true);
        assert.equal(isOwnShare(group, next.key, 2, sample.secrets.get(2) ?? 0n), false);
        assert.equal(isOwnShare(group, next.key, 1, sample.secrets.get(1) ?? 0n), false);
      });

      it('refuses a dealer that shares something else than its share', () => {
        const { deal }: DealMade = createDeal(group, ceremony, 1, randomBytes);
        assert.equal(isDeal(group, ceremony, deal), true);
        assert.equal(isDeal(group, ceremony, deal, sample.key.members.get(1)), false);
      });

      it('from fewer dealers than the old threshold gives another key, which everybody sees', () => {
        const short = reshared(sample, [1], ceremony);
        assert.equal(equalBytes(short.key.publicKey, sample.key.publicKey), false);
      });
    });
  });
}

/** A source of randomness that is broken. */
function zeros(length: number): Uint8Array {
  return new Uint8Array(length);
}

function withScalar(share: Uint8Array, at: number, scalar: bigint): Uint8Array {
  const altered = Uint8Array.from(share);
  altered.set(
    Uint8Array.from(
      (scalar.toString(16).padStart(64, '0').match(/../g) ?? []).map((hex) =>
        Number.parseInt(hex, 16),
      ),
    ),
    at,
  );
  return altered;
}
