import { isPendingClaim } from '../../protocol/isPendingClaim.ts';
import type { Bytes32 } from '../../protocol/ids.ts';
import type { Party } from '../party/Party.ts';
import { awaitClaim, confirmClaim } from './confirmClaim.ts';
import { requireKnownClaim } from './readClaims.ts';
import type { ClaimStepDone } from './takeClaimStep.ts';

/**
 * Closes a claim that nobody decided or answered in its term, or ends a dispute that nobody judged in its own: the claim is
 * lapsed, or what it was before. The treatment can then be claimed again. One that waits for nobody is left alone.
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
  const { place } = await party.agent.settle({ due: 'lapse', claim: digest });
  const facts = await awaitClaim(party, digest, (each) => !isPendingClaim(each));
  return { digest, facts, already: place === undefined };
}

/**
 * Takes what the payees of a reversed claim still owe, as far as they have it by now; the rest stays a debt.
 *
 * @param party - Insurer, claimant or patient.
 * @param digest - The claim.
 * @returns The claim: `paid` and `otherPaid` are what is owed still. `already` is true if nothing was owed.
 * @throws MedsealError `NOT_FOUND`; `RULE_REFUSED` with `StateUnfit` if the claim was not reversed, `FundsMissing` if the
 * payees have nothing; `CONTRACT_ABSENT`, `RULE_UNCONFIRMED`.
 * @example
 * ```ts
 * const { facts } = await collectClaim(insurer, digest);
 * console.log(`${facts.paid + facts.otherPaid} are owed still`);
 * ```
 */
export async function collectClaim(party: Party, digest: Bytes32): Promise<ClaimStepDone> {
  const { message: claim } = await requireKnownClaim(party, digest);
  const { paid, otherPaid } = await confirmClaim(party, digest);
  const { place } = await party.agent.settle({ due: 'collect', claim });
  const facts = await awaitClaim(party, digest, (each) => {
    const left = each.paid + each.otherPaid;
    return place === undefined ? left === 0 : left < paid + otherPaid;
  });
  return { digest, facts, already: place === undefined };
}
