import { decideClaim, type DecisionOnClaim } from '../../client/care/claims/decideClaim.ts';
import type { ClaimStepDone } from '../../client/care/claims/takeClaimStep.ts';
import { disputeClaim } from '../../client/care/claims/disputeClaim.ts';
import { drawVerifiers } from '../../client/care/claims/drawVerifiers.ts';
import { lapseClaim } from '../../client/care/claims/lapseClaim.ts';
import { withdrawClaim } from '../../client/care/claims/withdrawClaim.ts';
import type { Party } from '../../client/party/Party.ts';
import { visibleText } from '../../errors/visibleText.ts';
import type { ClaimFound } from './findClaim.ts';
import type { Bytes32 } from '../../protocol/ids.ts';
import { short } from '../describeBody.ts';
import { namesOf } from '../contact/findContact.ts';
import { confirmSigning } from '../home/confirmSigning.ts';
import { openVisitor, type Visitor } from '../home/openVisitor.ts';
import { describeSum } from '../program/describeSum.ts';
import type { VisitorOptions } from '../program/sharedOptions.ts';
import { untilOf } from '../right/grant.ts';
import type { AnswerOf } from '../terminal/Answer.ts';
import type { Terminal } from '../terminal/Terminal.ts';
import type { CLAIM_CHANGED } from './claimAnswers.ts';
import { claimInWords, describeStep } from './describeClaim.ts';
import { findClaim } from './findClaim.ts';
import type { OptionsOf } from '../program/VerbOption.ts';
import type { CLAIM_DISPUTE, CLAIM_ASK, CLAIM_DENY, CLAIM_APPROVE } from './claimOptions.ts';

type DecideOptions = VisitorOptions & OptionsOf<typeof CLAIM_APPROVE>;

type Changed = AnswerOf<typeof CLAIM_CHANGED>;

/**
 * Approves a claim in whole or part: it is paid after the term.
 *
 * @throws MedsealError what `decideClaim` throws.
 */
export async function approveVerb(
  terminal: Terminal,
  id: string,
  options: DecideOptions,
): Promise<Changed> {
  return await decide(terminal, id, options, 'approve');
}

/**
 * Denies a claim, with a reason.
 *
 * @throws MedsealError what `decideClaim` throws.
 */
export async function denyVerb(
  terminal: Terminal,
  id: string,
  options: VisitorOptions & OptionsOf<typeof CLAIM_DENY>,
): Promise<Changed> {
  return await decide(terminal, id, options, 'deny');
}

/**
 * Asks the claimant for more.
 *
 * @throws MedsealError what `decideClaim` throws.
 */
export async function askVerb(
  terminal: Terminal,
  id: string,
  options: VisitorOptions & OptionsOf<typeof CLAIM_ASK>,
): Promise<Changed> {
  return await decide(terminal, id, { ...options, reason: 'more-needed' }, 'ask');
}

/**
 * Takes a claim back that is not decided.
 *
 * @throws MedsealError what `withdrawClaim` throws.
 */
export async function withdrawVerb(
  terminal: Terminal,
  id: string,
  options: VisitorOptions,
): Promise<Changed> {
  return await change(terminal, id, options, ['take back'], withdrawClaim);
}

/**
 * Disputes a claim that was decided, or appeals against a judgement.
 *
 * @throws MedsealError what `disputeClaim` throws.
 */
export async function disputeVerb(
  terminal: Terminal,
  id: string,
  options: VisitorOptions & OptionsOf<typeof CLAIM_DISPUTE>,
): Promise<Changed> {
  const { words: reason, appeal = false } = options;
  const what = [
    appeal ? 'appeal against the judgement of' : 'dispute',
    `    reason: ${visibleText(reason, 96)}`,
    `    your lot is opened; verifiers of third organisations are drawn`,
  ] as const;
  return await change(terminal, id, options, what, async (party, claim) => {
    return await disputeClaim(party, claim, { reason, appeal });
  });
}

/**
 * Opens a lot of a disputed claim, or sends the evidence to the verifiers that were drawn.
 *
 * @throws MedsealError what `drawVerifiers` throws.
 */
export async function drawVerb(
  terminal: Terminal,
  id: string,
  options: VisitorOptions,
): Promise<Changed> {
  return await settle(terminal, id, options, drawVerifiers);
}

/**
 * Ends the term of a claim that is over, which pays what was held.
 *
 * @throws MedsealError what `lapseClaim` throws.
 */
export async function lapseVerb(
  terminal: Terminal,
  id: string,
  options: VisitorOptions,
): Promise<Changed> {
  return await settle(terminal, id, options, lapseClaim);
}

async function decide(
  terminal: Terminal,
  id: string,
  options: DecideOptions,
  outcome: DecisionOnClaim['outcome'],
): Promise<Changed> {
  const { amount, until, reason, words } = options;
  const what = async (
    visitor: Visitor,
    found: ClaimFound,
  ): Promise<readonly [string, ...string[]]> => [
    outcome === 'ask' ? 'ask for more about' : outcome,
    ...(outcome === 'approve' ? [await describePayment(visitor, found, amount)] : []),
    `    reason: ${reason}`,
  ];
  return await change(terminal, id, options, what, async (party, claim, visitor) => {
    return await decideClaim(party, claim, {
      outcome,
      reason,
      ...(amount !== undefined && { amount }),
      ...(until && { until: untilOf(visitor, until) }),
      ...(words !== undefined && { words }),
    });
  });
}

/** Amount of an approval, in words. */
async function describePayment(
  visitor: Visitor,
  { message: { terms }, facts }: ClaimFound,
  amount = facts.amount - facts.approved,
): Promise<string> {
  const names = await namesOf(visitor);
  const payee = names.get(terms.payee) ?? short(terms.payee);
  return `    hold ${describeSum(amount)} for ${payee}, paid after the term unless it is disputed`;
}

async function change(
  terminal: Terminal,
  id: string,
  options: VisitorOptions,
  tell:
    | readonly [string, ...string[]]
    | ((visitor: Visitor, found: ClaimFound) => Promise<readonly [string, ...string[]]>),
  make: (party: Party, claim: Bytes32, visitor: Visitor) => Promise<ClaimStepDone>,
): Promise<Changed> {
  const visitor = await openVisitor(terminal, options);
  const { party } = visitor;
  terminal.progress.stage('looking for the claim');
  const found = await findClaim(visitor, id);
  const { digest, facts } = found;
  const [what, ...more] = typeof tell === 'function' ? await tell(visitor, found) : tell;
  await confirmSigning(terminal, visitor, [
    `  ${what} the claim ${short(digest)}, ${describeSum(facts.amount)}`,
    ...more,
  ]);
  return await changed(terminal, visitor, async () => await make(party, digest, visitor));
}

/** Anybody may have it done: nothing is signed. */
async function settle(
  terminal: Terminal,
  id: string,
  options: VisitorOptions,
  make: typeof lapseClaim,
): Promise<Changed> {
  const visitor = await openVisitor(terminal, options);
  terminal.progress.stage('looking for the claim');
  const { digest } = await findClaim(visitor, id);
  return await changed(terminal, visitor, async () => await make(visitor.party, digest));
}

async function changed(
  terminal: Terminal,
  { party }: Visitor,
  make: () => Promise<ClaimStepDone>,
): Promise<Changed> {
  terminal.progress.stage('waiting for the ledger');
  const taken = await make().catch((error: unknown) => {
    throw claimInWords(error);
  });
  return describeStep(party, taken);
}
