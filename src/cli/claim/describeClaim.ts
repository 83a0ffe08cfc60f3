import type { ClaimListed } from '../../client/care/claims/readClaims.ts';
import type { ClaimStepDone } from '../../client/care/claims/takeClaimStep.ts';
import type { Party } from '../../client/party/Party.ts';
import type { ClaimFacts } from '../../protocol/care/claims.ts';
import { seconds } from '../../protocol/Clock.ts';
import { ZERO32, type Bytes32 } from '../../protocol/ids.ts';
import type { Of } from '../../protocol/struct/Of.ts';
import { describeMoment, short } from '../describeBody.ts';
import { describeSum } from '../program/describeSum.ts';
import { reasonInWords } from '../program/reasonInWords.ts';
import type { AnswerOf } from '../terminal/Answer.ts';
import type { CLAIM_CHANGED, CLAIM_NAMED, CLAIM_TOLD } from './claimAnswers.ts';

/** A claim as `--json` has it. */
export function claimForPrograms(claim: Bytes32, facts: ClaimFacts): Of<typeof CLAIM_TOLD> {
  const { state, claimant, insurer, payee, amount, total, approved, step, due } = facts;
  const ahead = facts.treatment === ZERO32;
  const sums = { amount, total, approved };
  return { claim, state, claimant, insurer, payee, ...sums, step, due, ahead };
}

/** A claim with its parties as `--json` has it: of them the ledger has only accounts. */
export function namedForPrograms({
  digest,
  message: { terms },
  facts,
}: Pick<ClaimListed, 'digest' | 'message' | 'facts'>): Of<typeof CLAIM_NAMED> {
  const { claimant, payee } = terms;
  return { ...claimForPrograms(digest, facts), parties: { claimant, payee } };
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
  const { state, amount, approved, due, treatment } = facts;
  const asked = `${describeSum(amount)} asked for`;
  const isOver = at > due;
  const until = describeMoment(due);
  const term = isOver ? 'its term is over, and "claim lapse" ends it' : `until ${until}`;
  const ahead = treatment === ZERO32;
  const kind = ahead ? 'in advance, ' : '';
  const sums = `${describeSum(approved)} of ${describeSum(amount)}`;
  const disputable = isOver || ahead || facts.round > 0 ? '' : `, can be disputed until ${until}`;
  switch (state) {
    case 'open':
      return `${kind}waits for the insurer, ${asked}, ${term}`;
    case 'asked':
      return `${kind}the insurer asks for more, ${asked}, ${term}`;
    case 'approved':
      if (ahead)
        return `${kind}approved, ${sums}, ${isOver ? 'its term is over' : `good until ${until}`}`;
      return isOver
        ? `approved and held, ${sums}, and "claim lapse" pays it`
        : `approved and held until ${until}, ${sums}${disputable}`;
    case 'paid':
      return `paid, ${sums}`;
    case 'disputed':
      return `disputed, waits for the other side to open its lot, ${asked}, ${term}`;
    case 'drawn':
      return `${facts.round > 1 ? 'an appeal' : 'disputed'}, waits for the drawn verifiers, ${asked}, ${term}`;
    case 'judged': {
      const verdict = facts.safe === true ? 'safe' : 'not safe';
      return `judged ${verdict}, ${asked}, ${isOver ? term : `either side can appeal until ${until}`}`;
    }
    case 'used':
      return `in advance, and used by a claim, ${asked}`;
    case 'denied':
      return `${kind}denied, ${asked}${disputable}`;
    case 'reversed':
      return `judged not safe and given back to the insurer, ${asked}`;
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
  TreatmentClaimed:
    'the treatment is claimed already; name the newest claim with --follows, after "claim lapse" if its term is over',
  PatientUnsigned:
    'the bill is larger than the one that an insurer was shown before; the patient has to sign it with "claim permit"',
  AmountExceeded: 'less than that is left of the bill or the claim',
  FundsMissing: 'the account that pays has too few units',
  VerifierInvalid: 'other verifiers were drawn, or this one has judged already',
  VerifierMissing: 'no third organisation has a verifier, so disputes end with the decision',
  LotInvalid: 'the lot is not the one that this side committed to',
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
