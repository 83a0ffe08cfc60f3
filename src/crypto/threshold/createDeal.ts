import { malformed } from '../../errors/malformed.ts';
import { utf8ToBytes } from '../bytes.ts';
import { encodeFields } from '../encodeFields.ts';
import type { Random } from '../Random.ts';
import { u64 } from '../u64.ts';
import { requireIndices } from './combineShares.ts';
import type { Ceremony, Deal } from './Deal.ts';
import type { GroupPort } from './GroupPort.ts';
import { hashToScalar } from './hashToScalar.ts';
import { randomPolynomial, valueAt } from './polynomial.ts';
import { randomScalar, scalarBytes, secretOf } from './scalars.ts';

const LABEL = 'medseal/deal/2';
const NONCE = utf8ToBytes('medseal/deal-nonce/1');

/** A deal, and what its dealer gives to each member in secret. */
export interface DealMade {
  readonly deal: Deal;
  /** The value of the dealer's polynomial for each member, by index. */
  readonly shares: ReadonlyMap<number, bigint>;
}

/**
 * Shares a secret among members: a new one to found a key, or a share of a key to share that among others.
 *
 * @param group - Arithmetic.
 * @param ceremony - Threshold, members, and what tells this ceremony from others.
 * @param dealer - The dealer's index, from 1.
 * @param random - Source of random bytes.
 * @param secret - The secret to share; one that nobody can guess if absent.
 * @throws MedsealError `REQUEST_MALFORMED` if the threshold is not from 1 to the number of members, or an index is not one.
 */
export function createDeal(
  group: GroupPort,
  ceremony: Ceremony,
  dealer: number,
  random: Random,
  secret = randomScalar(random),
): DealMade {
  requireCeremony(ceremony);
  const polynomial = randomPolynomial(secret, ceremony.threshold, random);
  const commitments = polynomial.map((term) => group.base(scalarBytes(term)));
  // If the generator repeats, a share that is dealt twice has another nonce: two answers to one nonce would give it away.
  const owned = [scalarBytes(secret), ceremony.context, u64(dealer), ...commitments];
  const nonce = secretOf(random, NONCE, ...owned);
  const commitment = group.base(nonce);
  const challenge = challengeOf(group, ceremony, dealer, commitments, commitment);
  const response = group.respond(nonce, challenge, scalarBytes(secret));
  return {
    deal: { dealer, commitments, proof: { commitment, response } },
    shares: new Map(ceremony.members.map((member) => [member, valueAt(polynomial, member)])),
  };
}

/**
 * The challenge of a deal's proof, over all that the deal says, so that no part can be exchanged.
 *
 * @param group - Its hash.
 * @param ceremony - The ceremony.
 * @param dealer - The dealer's index.
 * @param commitments - The deal's commitments.
 * @param commitment - The proof's commitment.
 */
export function challengeOf(
  group: GroupPort,
  ceremony: Ceremony,
  dealer: number,
  commitments: readonly Uint8Array[],
  commitment: Uint8Array,
): bigint {
  return hashToScalar(
    group,
    LABEL,
    ceremony.context,
    u64(ceremony.threshold),
    encodeFields(...ceremony.members.map((member) => u64(member))),
    u64(dealer),
    encodeFields(...commitments),
    commitment,
  );
}

/**
 * Requires that a ceremony can come to an end.
 *
 * @param ceremony - The ceremony.
 * @throws MedsealError `REQUEST_MALFORMED` if the threshold is not from 1 to the number of members, or an index is not one.
 */
export function requireCeremony({ threshold, members }: Ceremony): void {
  requireIndices(members);
  if (!Number.isInteger(threshold) || threshold < 1 || threshold > members.length) {
    throw malformed('threshold');
  }
}
