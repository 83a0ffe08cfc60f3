import type { Bytes32 } from '../../protocol/ids.ts';
import type { Party } from '../party/Party.ts';
import { requireKnownClaim } from './readClaims.ts';
import { takeClaimStep, type ClaimStepDone } from './takeClaimStep.ts';

/**
 * Takes a claim back that is not decided.
 *
 * @param party - The claimant.
 * @param digest - The claim.
 * @throws MedsealError `NOT_FOUND`, `RIGHT_MISSING`; `RULE_REFUSED` with the contract's reason, such as `StateUnfit` once it
 * is decided; `RULE_UNCONFIRMED`.
 * @example
 * ```ts
 * const { facts } = await withdrawClaim(patient, digest);
 * console.log(facts.state);
 * ```
 */
export async function withdrawClaim(party: Party, digest: Bytes32): Promise<ClaimStepDone> {
  const known = await requireKnownClaim(party, digest);
  return await takeClaimStep(party, known, {
    type: 'WithdrawClaim',
    values: {},
    message: (common) => common,
    tells: [known.message.insurer],
  });
}
