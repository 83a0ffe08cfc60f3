import type { Bytes32 } from '../../protocol/ids.ts';
import type { Party } from '../party/Party.ts';
import { requireKnownClaim } from './readClaims.ts';
import { takeClaimStep, type ClaimStepDone } from './takeClaimStep.ts';

/**
 * Gives back what a claim paid to the party's account, or a part of it.
 *
 * @param party - The payee.
 * @param digest - The claim.
 * @param amount - Units, at most those that it was paid.
 * @throws MedsealError `NOT_FOUND`; `RIGHT_MISSING` for whoever was not paid; `RULE_REFUSED` with the contract's reason, such
 * as `AmountExceeded`, `StateUnfit`; `RULE_UNCONFIRMED`.
 * @example
 * ```ts
 * const { facts } = await refundClaim(patient, digest, 1_000);
 * console.log(`${facts.paid} is left`);
 * ```
 */
export async function refundClaim(
  party: Party,
  digest: Bytes32,
  amount: number,
): Promise<ClaimStepDone> {
  const known = await requireKnownClaim(party, digest);
  return await takeClaimStep(party, known, {
    type: 'ClaimRefund',
    values: { amount },
    message: (common) => ({ ...common, payee: party.address, amount }),
    tells: [known.message.insurer],
  });
}
