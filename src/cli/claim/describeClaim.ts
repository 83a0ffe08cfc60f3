import type { ClaimListed } from '../../client/claims/readClaims.ts';
import type { ClaimStepDone } from '../../client/claims/takeClaimStep.ts';
import type { Party } from '../../client/party/Party.ts';
import type { ClaimFacts } from '../../protocol/claims.ts';
import { seconds } from '../../protocol/Clock.ts';
import { ZERO32, ZERO_ADDRESS, type Bytes32 } from '../../protocol/ids.ts';
import type { Of } from '../../protocol/Of.ts';
import { describeMoment, short } from '../describeBody.ts';
import { describeSum } from '../program/describeSum.ts';
import { reasonInWords } from '../program/reasonInWords.ts';
import type { AnswerOf } from '../terminal/Answer.ts';
import type { CLAIM_CHANGED, CLAIM_NAMED, CLAIM_TOLD } from './claimAnswers.ts';

/** A claim as `--json` has it. */
export function claimForPrograms(claim: Bytes32, facts: ClaimFacts): Of<typeof CLAIM_TOLD> {
  const { state, claimant, insurer, payee, other, amount, paid, otherPaid, step, due } = facts;
  const ahead = facts.treatment === ZERO32;
  const payees = { payee, ...(other !== ZERO_ADDRESS && { secondPayee: other }) };
  const sums = { amount, paid, otherPaid };
  return { claim, state, claimant, insurer, ...payees, ...sums, step, due, ahead };
}

/** A claim with its parties as `--json` has it: of them the ledger has only accounts. */
export function namedForPrograms({
  digest,
  message: { terms },
  facts,
}: Pick<ClaimListed, 'digest' | 'message' | 'facts'>): Of<typeof CLAIM_NAMED> {
  const { claimant, payee, other } = terms;
  const second = other !== ZERO_ADDRESS && { secondPayee: other };
  return { ...claimForPrograms(digest, facts), parties: { claimant, payee, ...second } };
}

/** A step of a claim as `--json` has it. */
export function stepForPrograms(taken: ClaimStepDone): Of<typeof CLAIM_CHANGED> {
  const { digest, facts, already } = taken;
  return { ...claimForPrograms(digest, facts), already };
}

/**
 * Tells of a step of a claim that was taken.
 *
 * @param party - Party that took it.
 * @param taken - The step.
 */
export function describeStep(
  { clock }: Pick<Party, 'clock'>,
  taken: ClaimStepDone,
): AnswerOf<typeof CLAIM_CHANGED> {
  const state = describeClaim(taken.facts, seconds(clock));
  return {
    value: stepForPrograms(taken),
    lines: [`${short(taken.digest)}  ${state}${taken.already ? ' (done before)' : ''}`],
  };
}

/**
 * Says in a line what became of a claim.
 *
 * @param facts - The claim as the ledger has it.
 * @param at - The moment, Unix seconds.
 */
export function describeClaim(facts: ClaimFacts, at: number): string {
  const { state, amount, paid, otherPaid, due, treatment } = facts;
  const asked = `${describeSum(amount)} asked for`;
  const isOver = at > due;
  const until = describeMoment(due);
  const term = isOver ? 'its term is over, and "claim lapse" closes it' : `until ${until}`;
  const ahead = treatment === ZERO32;
  const kind = ahead ? 'in advance, ' : '';
  const disputable = isOver || ahead ? '' : `, can be disputed until ${until}`;
  switch (state) {
    case 'open':
      return `${kind}waits for the insurer, ${asked}, ${term}`;
    case 'asked':
      return `${kind}the insurer asks for more, ${asked}, ${term}`;
    case 'approved':
      return (
        `${kind}approved, ${describeSum(paid + otherPaid)} of ${describeSum(amount)}${disputable}` +
        (ahead ? `, ${isOver ? 'its term is over' : `good until ${until}`}` : '')
      );
    case 'disputed':
      return `${kind}waits for the verifier, ${asked}, ${term}`;
    case 'used':
      return `in advance, and used by a claim, ${asked}`;
    case 'denied':
      return `${kind}denied, ${asked}${disputable}`;
    case 'reversed': {
      const owed = paid + otherPaid;
      return `reversed, ${asked}${owed > 0 ? `, ${describeSum(owed)} owed still` : ''}`;
    }
    case 'withdrawn':
    case 'lapsed':
      return `${kind}${state}, ${asked}`;
  }
}

/** The contract's reasons, in words for people. */
const REASONS: Readonly<Record<string, string>> = {
  StateUnfit: 'the claim is not in a state for this; see "claim show"',
  StepUnexpected: 'the other side was faster; read it again',
  TermLapsed: 'the term is over',
  TermRuns: 'its term is not over yet; see "claim show"',
  TreatmentClaimed: 'the treatment is claimed already; name the newest claim with --follows',
  AmountExceeded: 'less than that is left of the bill or the claim',
  FundsMissing: 'the account that pays has too few units',
  VerifierInvalid: 'the verifier belongs to a side’s organisation, or is not a verifier',
};

/**
 * Says what the ledger's refusal of a claim or a step means.
 *
 * @param error - Error that was thrown.
 * @returns The same error, with a reason that people understand if there is one.
 */
export function claimInWords(error: unknown): unknown {
  return reasonInWords(error, REASONS);
}
