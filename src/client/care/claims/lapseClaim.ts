import { hasTerm } from '../../../protocol/care/isPendingClaim.ts';
import type { Bytes32 } from '../../../protocol/ids.ts';
import type { Party } from '../../party/Party.ts';
import { awaitClaim, confirmClaim } from './confirmClaim.ts';
import { requireKnownClaim } from './readClaims.ts';
import type { ClaimStepDone } from './takeClaimStep.ts';

/**
 * Ends the term of a claim that is over: what was approved and held is paid, what nobody decided or answered is lapsed, and a
 * dispute ends. The treatment can then be claimed again. One that waits for nothing is left alone.
 *
 * @param party - Any party that knows the claim.
 * @param digest - The claim.
 * @throws MedsealError `NOT_FOUND`; `RULE_REFUSED` with `TermRuns` while the term is not over; `CONTRACT_ABSENT`,
 * `RULE_UNCONFIRMED`.
 * @example
 * ```ts
 * const { facts } = await lapseClaim(patient, digest);
 * console.log(facts.state);
 * ```
 */
export async function lapseClaim(party: Party, digest: Bytes32): Promise<ClaimStepDone> {
  const { message: claim } = await requireKnownClaim(party, digest);
  const { state, due } = await confirmClaim(party, digest);
  const { place } = await party.agent.settle({ due: 'lapse', claim });
  const facts = await awaitClaim(party, digest, (each) => {
    return !hasTerm(each) || each.state !== state || each.due !== due;
  });
  return { digest, facts, already: place === undefined };
}
