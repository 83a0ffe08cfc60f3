import { bytesToHex } from '../../crypto/bytes.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import type { Address, Bytes32 } from '../../protocol/ids.ts';
import { addressArgument } from '../party/addressArgument.ts';
import type { Party } from '../party/Party.ts';
import { evidencePieces } from './evidencePieces.ts';
import { readClaim } from './readClaims.ts';
import { takeClaimStep, type ClaimStepDone } from './takeClaimStep.ts';

/** A dispute of a claim that was decided. */
export interface NewDispute {
  /** Verifier that is to judge, of neither side's organisation. */
  readonly verifier: Address;
  /** Reason in words, up to 96 characters. */
  readonly reason: string;
}

/** Largest number of characters of a reason. */
const MOST_REASON = 96;

/**
 * Asks a verifier to judge a claim that was decided. The verifier gets the claim with its papers and the acknowledgements of
 * its entries in a sealed letter: by those it can recompute the log. The other records stay with the patient.
 * Safe to repeat.
 *
 * @param party - Claimant or insurer.
 * @param digest - The claim.
 * @param dispute - Verifier and reason.
 * @throws MedsealError `ARGUMENT_INVALID`; `RULE_REFUSED` with the contract's reason, such as `VerifierInvalid`,
 * `DisputantInvalid`, `TermLapsed`, `StateUnfit`; `RULE_UNCONFIRMED`, and those of `readClaim`.
 * @example
 * ```ts
 * const dispute = { verifier: auditor.address, reason: 'The treatment took place as billed' };
 * const { facts } = await disputeClaim(patient, digest, dispute);
 * console.log(`${facts.state}, to be judged by ${new Date(facts.due * 1000).toISOString()}`);
 * ```
 */
export async function disputeClaim(
  party: Party,
  digest: Bytes32,
  { verifier: named, reason }: NewDispute,
): Promise<ClaimStepDone> {
  const verifier = addressArgument(party, named, 'verifier');
  if (reason.trim() === '' || reason.length > MOST_REASON || !reason.isWellFormed()) {
    const why = `must have 1 to ${MOST_REASON} characters`;
    throw new MedsealError('ARGUMENT_INVALID', { argument: 'reason', reason: why });
  }
  return await takeClaimStep(party, digest, {
    type: 'DisputeClaim',
    values: { verifier, reason },
    // Each side disputes once.
    canBeNew: () => false,
    make: async () => {
      const { message, claim, bill, entries } = await readClaim(party, digest);
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
      const isClaimant = party.address === message.terms.claimant;
      const side = isClaimant ? message.claimant : party.address;
      return {
        claim: message,
        message: (common) => ({ ...common, party: side, verifier, terms }),
        tells: [isClaimant ? message.insurer : message.terms.claimant],
        verifier: { address: verifier, evidence },
      };
    },
  });
}
