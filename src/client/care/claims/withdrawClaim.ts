import type { Bytes32 } from '../../../protocol/ids.ts';
import type { Party } from '../../party/Party.ts';
import { requireKnownClaim } from './readClaims.ts';
import { takeClaimStep, type ClaimStepDone } from './takeClaimStep.ts';

/**
 * Takes a claim back that is not decided. Safe to repeat.
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
  return await takeClaimStep(party, digest, {
    type: 'WithdrawClaim',
    values: {},
    canBeNew: ({ state }) => state === 'open' || state === 'asked',
    // Nobody else can have.
    wasTaken: async ({ state }) => {
      if (state !== 'withdrawn') return false;
      const { message } = await requireKnownClaim(party, digest);
      return message.terms.claimant === party.address;
    },
    make: async () => {
      const { message: claim } = await requireKnownClaim(party, digest);
      return { claim, message: (common) => common, tells: [claim.insurer] };
    },
  });
}
