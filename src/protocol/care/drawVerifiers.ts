import { bytesToHex, concatBytes, hexToBytes, utf8ToBytes } from '../../crypto/bytes.ts';
import type { Primitives } from '../../crypto/Primitives.ts';
import type { ClaimFacts, Ranked } from './claims.ts';
import type { Address, Bytes32, Organisation } from '../ids.ts';

/** Verifiers of a ranking that count: whichever two organisations are sides, four others are among six. */
export const MOST_RANKED = 6;
/** Organisations that judge an appeal. */
const APPEAL = 3;
const LABEL = 'medseal draw';

/**
 * Ranks verifiers by the lots of both sides of a claim: organisations first, so that none gains by having many, then the
 * verifiers of each. Neither side knew the other's lot when it committed to its own, so nobody chose the order.
 *
 * @param primitives - Keccak-256.
 * @param claim - The claim's digest.
 * @param lots - The claimant's and the insurer's.
 * @param candidates - Every verifier that was active at the claim's block.
 * @returns One of each organisation, at most six.
 */
export function rankVerifiers(
  primitives: Pick<Primitives, 'keccak256'>,
  claim: Bytes32,
  lots: readonly [Bytes32, Bytes32],
  candidates: readonly Ranked[],
): readonly Ranked[] {
  const seed = concatBytes(utf8ToBytes(LABEL), ...[claim, ...lots].map(hexToBytes));
  const rank = (bytes: Uint8Array): string =>
    bytesToHex(primitives.keccak256(concatBytes(seed, bytes)));
  const first = <T>(items: readonly T[], bytesOf: (item: T) => Uint8Array): readonly T[] =>
    items
      .map((item) => ({ item, at: rank(bytesOf(item)) }))
      .toSorted((a, b) => (a.at < b.at ? -1 : 1))
      .map(({ item }) => item);
  const byOrganisation = [...Map.groupBy(candidates, ({ organisation }) => organisation).values()];
  return first(byOrganisation, ([one]) => utf8ToBytes(one?.organisation ?? ''))
    .flatMap((of) => first(of, ({ verifier }) => hexToBytes(verifier)).slice(0, 1))
    .slice(0, MOST_RANKED);
}

/**
 * Returns the verifiers that judge: the first one of a third organisation; of an appeal those of the three organisations
 * after it, or of all third ones together if there are fewer.
 *
 * @param facts - The claim as it is disputed.
 * @param sides - The organisations of claimant, payee and insurer.
 * @returns None before both lots are open, or without a third organisation.
 */
export function drawnVerifiers(
  { ranking = [], round }: Pick<ClaimFacts, 'ranking' | 'round'>,
  sides: readonly (Organisation | undefined)[],
): readonly Address[] {
  const third = ranking.filter(({ organisation }) => !sides.includes(organisation));
  const others = third.slice(1, 1 + APPEAL);
  const drawn = round < 2 ? third.slice(0, 1) : others.length < APPEAL ? third : others;
  return drawn.map(({ verifier }) => verifier);
}
