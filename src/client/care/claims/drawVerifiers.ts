import type { Bytes32 } from '../../../protocol/ids.ts';
import type { Party } from '../../party/Party.ts';
import { awaitClaim, confirmClaim } from './confirmClaim.ts';
import { ownLot } from './ownLot.ts';
import { requireKnownClaim } from './readClaims.ts';
import { sendEvidence, type ClaimStepDone } from './takeClaimStep.ts';

/**
 * Goes on with a dispute: the side that did not dispute opens its lot, and the side that did sends the evidence to the
 * verifiers that both lots drew. A side that does not open its lot in the term loses the dispute. Safe to repeat.
 *
 * @param party - Claimant or insurer.
 * @param digest - The claim.
 * @returns The claim; `already` is true if the lots were open before.
 * @throws MedsealError `NOT_FOUND`; `RIGHT_MISSING` for anybody else; `RULE_REFUSED` with `TermLapsed`; `RULE_UNCONFIRMED`.
 * @example
 * ```ts
 * const { facts } = await drawVerifiers(patient, digest);
 * console.log(facts.state);
 * ```
 */
export async function drawVerifiers(party: Party, digest: Bytes32): Promise<ClaimStepDone> {
  const { message: claim } = await requireKnownClaim(party, digest);
  const before = await confirmClaim(party, digest);
  const own = party.address === claim.terms.claimant ? claim.claimant : party.address;
  if (before.state !== 'disputed' || before.disputant === own) {
    await sendEvidence(party, digest, before);
    return { digest, facts: before, already: true };
  }
  const lot = ownLot(party, digest, claim, before);
  const { place } = await party.agent.settle({ due: 'lot', claim, lot });
  const facts = await awaitClaim(party, digest, ({ state }) => state !== 'disputed');
  return { digest, facts, already: place === undefined };
}
