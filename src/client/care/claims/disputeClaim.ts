import { bytesToHex } from '../../../crypto/bytes.ts';
import { MedsealError } from '../../../errors/MedsealError.ts';
import type { Bytes32 } from '../../../protocol/ids.ts';
import type { Party } from '../../party/Party.ts';
import { evidencePieces } from './evidencePieces.ts';
import { ownLot } from './ownLot.ts';
import { readClaim } from './readClaims.ts';
import { takeClaimStep, type ClaimStepDone } from './takeClaimStep.ts';

/** A dispute of a claim that was decided, or an appeal. */
export interface NewDispute {
  /** Reason in words, up to 96 characters. */
  readonly reason: string;
  /** True to appeal against the judgement of a dispute. */
  readonly appeal?: boolean;
}

/** Largest number of characters of a reason. */
const MOST_REASON = 96;

/**
 * Disputes a claim that was decided, or appeals against a judgement: what is held stays so, and verifiers of third
 * organisations judge, whom both sides' lots draw. They get the claim with its papers and the acknowledgements of its entries
 * in sealed letters: by those they can recompute the log. The other records stay with the patient. After a dispute the
 * other side opens its lot, and `drawVerifiers` sends the evidence; an appeal sends it at once. Safe to repeat.
 *
 * @param party - Claimant or insurer.
 * @param digest - The claim.
 * @param dispute - Reason.
 * @throws MedsealError `ARGUMENT_INVALID`; `RULE_REFUSED` with the contract's reason, such as `TermLapsed`, `StateUnfit`, or
 * `VerifierMissing` if no third organisation has a verifier; `RULE_UNCONFIRMED`, and those of `readClaim`.
 * @example
 * ```ts
 * const { facts } = await disputeClaim(patient, digest, { reason: 'The treatment took place as billed' });
 * console.log(`${facts.state}, until ${new Date(facts.due * 1000).toISOString()}`);
 * ```
 */
export async function disputeClaim(
  party: Party,
  digest: Bytes32,
  { reason, appeal = false }: NewDispute,
): Promise<ClaimStepDone> {
  if (reason.trim() === '' || reason.length > MOST_REASON || !reason.isWellFormed()) {
    const why = `must have 1 to ${MOST_REASON} characters`;
    throw new MedsealError('ARGUMENT_INVALID', { argument: 'reason', reason: why });
  }
  return await takeClaimStep(party, digest, {
    type: 'DisputeClaim',
    values: { reason, appeal },
    canBeNew: () => false,
    make: async () => {
      const { message, facts, claim, bill, entries } = await readClaim(party, digest);
      if ((facts.state === 'judged') !== appeal)
        throw new MedsealError('RULE_REFUSED', { reason: 'StateUnfit' });
      const shown = new Set(entries.map(({ entry }) => entry));
      const named = [message.terms.entry, ...message.terms.records];
      // A verifier judges nothing by a part, and a dispute is raised once.
      if (!named.every((each) => shown.has(each))) {
        throw new MedsealError('NOT_FOUND', { what: 'record' });
      }
      const evidence = { message, claim, bill, entries };
      // Before the ledger has the dispute: what fits in no letters reaches no verifier.
      evidencePieces(evidence);
      const terms = { reason, salt: bytesToHex(party.random(16)) };
      const lot = ownLot(party, digest, message, facts);
      const isClaimant = party.address === message.terms.claimant;
      const side = isClaimant ? message.claimant : party.address;
      return {
        claim: message,
        message: (common) => ({ ...common, party: side, lot, terms }),
        tells: [isClaimant ? message.insurer : message.terms.claimant],
        evidence,
      };
    },
  });
}
