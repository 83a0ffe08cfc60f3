import { bytesToHex, utf8ToBytes } from '../../../crypto/bytes.ts';
import { MedsealError } from '../../../errors/MedsealError.ts';
import type { InsuranceClaim } from '../../../protocol/care/claims.ts';
import type { Bytes32 } from '../../../protocol/ids.ts';
import type { Party } from '../../party/Party.ts';
import { confirmClaim } from './confirmClaim.ts';
import { drawnFor } from './drawnFor.ts';
import { examineClaim, type AgentOf, type ClaimExamined } from './examineClaim.ts';
import { disputesTold } from './keptClaimSteps.ts';
import { takeClaimStep, type ClaimStepDone } from './takeClaimStep.ts';

/** A judgement on the ledger, and what it rests on. */
export interface ClaimJudged extends ClaimStepDone {
  readonly examined: ClaimExamined;
}

/** Nodes that a verifier asks beside its own. */
export interface JudgeSources {
  /** Node of an organisation; undefined if its address is unknown. */
  readonly agentOf?: AgentOf;
}

/** A dispute as its verifier found it: what is signed. */
export interface DisputeExamined extends ClaimExamined {
  readonly claim: InsuranceClaim;
  /** Number of the step of the claim that it was examined at. */
  readonly step: number;
  /** 1 for the dispute, 2 for an appeal. */
  readonly round: number;
  /** Number of verifiers that were drawn: more than half of them decide. */
  readonly drawn: number;
}

/**
 * Examines a disputed claim, as a verifier that was drawn: the papers are compared with what was signed, every
 * acknowledgement is verified, and every hash and signature of the logs concerned is computed again. Show the verdict before
 * `judgeClaim` signs it.
 *
 * @param party - The verifier, after `checkInbox`.
 * @param digest - The claim.
 * @param sources - Nodes of other organisations: a log that the verifier's node lacks is read at its organisation.
 * @throws MedsealError `NOT_FOUND` if no dispute of it came to this device; `RIGHT_MISSING` if others were drawn;
 * `EVIDENCE_INVALID` if the disputing side did not show every entry as it was acknowledged; `PEER_UNREACHABLE`.
 * @example
 * ```ts
 * await checkInbox(auditor);
 * const { safe, log, block, reason } = await examineDispute(auditor, digest);
 * console.log(safe ? 'Safe' : `Not safe, at ${log}#${block}: ${reason}`);
 * ```
 */
export async function examineDispute(
  party: Party,
  digest: Bytes32,
  { agentOf }: JudgeSources = {},
): Promise<DisputeExamined> {
  const told = await disputesTold(party, digest);
  if (told.length === 0) throw new MedsealError('NOT_FOUND', { what: 'dispute' });
  const facts = await confirmClaim(party, digest);
  const { disputant, step, round } = facts;
  // The evidence is that of the side whose dispute the ledger has.
  const { evidence } = told.findLast(({ message }) => disputant === message.party) ?? {};
  if (evidence === undefined) throw new MedsealError('NOT_FOUND', { what: 'dispute' });
  const { message: claim } = evidence;
  const verifiers = await drawnFor(party, claim, facts);
  if (!verifiers.includes(party.address)) throw new MedsealError('RIGHT_MISSING', {});
  const examined = await examineClaim(party, evidence, agentOf);
  return { ...examined, claim, step, round, drawn: verifiers.length };
}

/**
 * Signs a verdict on a disputed claim, exactly as `examineDispute` found it and a person saw it: nothing is examined again.
 * Safe or Not safe goes to the ledger, with the block and the reason hidden; both sides get them in letters.
 * Asked again, it returns the judgement that was made.
 *
 * @param party - The verifier.
 * @param digest - The claim.
 * @param shown - What `examineDispute` found.
 * @throws MedsealError `RULE_REFUSED` with the contract's reason, such as `VerifierInvalid`, `TermLapsed`, or
 * `StepUnexpected` if the claim went on since it was examined.
 * @example
 * ```ts
 * const shown = await examineDispute(auditor, digest);
 * const { examined, facts } = await judgeClaim(auditor, digest, shown);
 * console.log(examined.safe ? 'Safe' : `Not safe: ${examined.reason}`, facts.state);
 * ```
 */
export async function judgeClaim(
  party: Party,
  digest: Bytes32,
  shown: DisputeExamined,
): Promise<ClaimJudged> {
  const { primitives, address } = party;
  const { claim, step, round, drawn, safe, log, block, reason } = shown;
  const { note, ...done } = await takeClaimStep(party, digest, {
    type: 'ClaimJudgement',
    // Logs grow: a repeat is of the judgement, whatever would be found now.
    values: { round },
    canBeNew: () => false,
    make: () => {
      const terms = {
        log: bytesToHex(primitives.keccak256(utf8ToBytes(log))),
        block,
        reason,
        salt: bytesToHex(party.random(16)),
      };
      return {
        claim,
        message: (common) => {
          if (common.step !== step + 1)
            throw new MedsealError('RULE_REFUSED', { reason: 'StepUnexpected' });
          return { ...common, verifier: address, safe, drawn, terms };
        },
        tells: [claim.terms.claimant, claim.insurer],
        note: { safe, log, block, reason },
      };
    },
  });
  return { ...done, examined: note as ClaimExamined };
}
