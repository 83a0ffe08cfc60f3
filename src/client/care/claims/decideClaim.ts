import { bytesToHex } from '../../../crypto/bytes.ts';
import { MedsealError } from '../../../errors/MedsealError.ts';
import { makeClaimResponse } from '../../../fhir/claims/makeClaimResponse.ts';
import type { ClaimReason } from '../../../protocol/care/claimReasons.ts';
import { seconds } from '../../../protocol/Clock.ts';
import { ZERO32, type Bytes32 } from '../../../protocol/ids.ts';
import type { Party } from '../../party/Party.ts';
import { contentHash } from '../prescriptions/prescriptionRecord.ts';
import { ownLotHash } from './ownLot.ts';
import { readClaim } from './readClaims.ts';
import { takeClaimStep, type ClaimStepDone, type ClaimStepMade } from './takeClaimStep.ts';

/** An insurer's decision. */
export interface DecisionOnClaim {
  readonly outcome: 'approve' | 'deny' | 'ask';
  readonly reason: ClaimReason;
  /** Amount for the payee, in hundredths; all that is asked for if absent. Only for `approve`. */
  readonly amount?: number;
  /** Last second at which an authorisation in advance can be used. */
  readonly until?: number;
  /** Words for the claimant. */
  readonly words?: string;
}

const OUTCOMES = { approve: 1, deny: 2, ask: 3 } as const;

/**
 * Decides a claim: approves it in whole or part, which is held until the term ends, denies it, or asks for more. Nothing is decided before every
 * paper was found to be the one that was signed. The claimant gets the `ClaimResponse` in a letter. Safe to repeat.
 *
 * @param party - The insurer.
 * @param digest - The claim.
 * @param decision - Outcome, reason and amounts.
 * @throws MedsealError `NOT_FOUND` to approve what it may not read whole; `CLAIM_ALTERED` for an altered claim or bill; `ARGUMENT_INVALID`; `RULE_REFUSED` with the contract's
 * reason, such as `FundsMissing`, `AmountExceeded`, `StateUnfit`, `TermLapsed`; and those of `readClaim`.
 * @example
 * ```ts
 * const decision = { outcome: 'approve', reason: 'partly-covered', amount: 8_000 } as const;
 * const { facts } = await decideClaim(insurer, digest, decision);
 * console.log(`${facts.state}: ${facts.approved} approved`);
 * ```
 */
export async function decideClaim(
  party: Party,
  digest: Bytes32,
  decision: DecisionOnClaim,
): Promise<ClaimStepDone> {
  return await takeClaimStep(party, digest, {
    type: 'ClaimDecision',
    values: decision,
    canBeNew: ({ state }) => state === 'open',
    make: async () => await made(party, digest, decision),
  });
}

async function made(
  party: Party,
  digest: Bytes32,
  decision: DecisionOnClaim,
): Promise<ClaimStepMade<'ClaimDecision'>> {
  const { claim, message, currency, facts, records } = await readClaim(party, digest);
  const { outcome, reason, words, until = 0 } = decision;
  const isPaying = outcome === 'approve';
  const seen = new Set(records.map(({ record }) => record.acknowledgement.entry));
  // The patient may have ended a right meanwhile: nothing is paid unseen.
  if (isPaying && !message.terms.records.every((entry) => seen.has(entry)))
    throw new MedsealError('NOT_FOUND', { what: 'record' });
  const left = facts.amount - facts.approved;
  const amount = isPaying ? (decision.amount ?? left) : 0;
  const isAhead = message.treatment === ZERO32;
  if (isPaying && isAhead && until === 0)
    throw invalid('until', 'must tell how long it is good for');
  if (isPaying && (amount < 0 || amount > left))
    throw invalid('amount', `must be at most ${left} hundredths, which are left of the claim`);
  if (!isPaying && (decision.amount ?? 0) > 0)
    throw invalid('amount', 'can be given with an approval alone');
  const response = makeClaimResponse({
    claim,
    digest,
    outcome,
    reason,
    units: amount,
    currency,
    ...(words !== undefined && { words }),
    at: seconds(party.clock),
  });
  const terms = {
    reason,
    content: contentHash(party.primitives, response),
    salt: bytesToHex(party.random(16)),
  };
  return {
    claim: message,
    message: (common) => {
      const lotHash = ownLotHash(party, digest);
      return { ...common, outcome: OUTCOMES[outcome], amount, until, lotHash, terms };
    },
    resource: response,
    tells: [message.terms.claimant],
  };
}

function invalid(argument: string, reason: string): MedsealError {
  return new MedsealError('ARGUMENT_INVALID', { argument, reason });
}
