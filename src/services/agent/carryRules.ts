import { MedsealError } from '../../errors/MedsealError.ts';
import { toMedsealError } from '../../errors/toMedsealError.ts';
import type { Submission } from '../../protocol/AgentPort.ts';
import { isCareType, LEDGER_REQUESTS } from '../../protocol/struct/ledgerRequests.ts';
import type { LedgerPlace, Outcome } from '../../protocol/evidence/evidence.ts';
import type { Hex } from '../../protocol/ids.ts';
import type { CareType, RuleType, Signed } from '../../protocol/struct/requests.ts';
import { authenticateCare } from '../care/authenticateCare.ts';
import { verifyAhead } from '../care/verifyAhead.ts';
import { requireLivingLedger } from '../../protocol/evidence/requireLivingLedger.ts';
import { placeOf } from '../placeOf.ts';
import { refreshFor } from '../refreshFor.ts';
import { authenticateRule } from '../deposits/authenticateRule.ts';
import { checkDeposit } from '../deposits/checkDeposit.ts';
import type { AgentContext } from './AgentContext.ts';
import { countersignCare } from './countersignCare.ts';
import { depositRules } from './depositRules.ts';
import { refusal } from './refusal.ts';

/** A rule request that this node found to be in order, at its place among the submissions. */
interface Carried {
  readonly place: number;
  readonly request: Signed<RuleType | CareType>;
  readonly submission: Submission;
  /** Coordinators' signatures over its check, where they have to vouch for it. */
  readonly checks?: readonly Hex[];
}

/**
 * Answers rule requests, or requests of care, of one kind: their deposits are checked and kept first, then all go to the ledger in one
 * transaction; ends without an epoch are only kept, and go to the ledger with those that wait for it. A repeat of a request
 * that the ledger already has gets its first answer again.
 *
 * @param agent - The agent's context.
 * @param submissions - Not trusted.
 * @returns An outcome for each.
 */
export async function carryRules(
  agent: AgentContext,
  submissions: readonly Submission[],
): Promise<readonly Outcome[]> {
  const areEnds = await refreshFor(agent.index, submissions);
  // Validators that stand still take nothing: whoever asks hears so at once.
  if (!areEnds) requireLivingLedger(agent.network, agent.index);
  const outcomes = new Map<number, Outcome>();
  const checked: Carried[] = [];
  for (const [place, submission] of submissions.entries()) {
    try {
      const isCare = isCareType(submission?.request?.type);
      if (isCare) await verifyAhead(agent, submission);
      await agent.turns.run(() => {
        // Of a repeat the key may have changed since; `checkDeposit` takes nothing new under a former one.
        const authenticate = isCare ? authenticateCare : authenticateRule;
        const request = authenticate(agent, submission?.request, 'ever');
        const before = placeOf(agent, request);
        // The ledger shows the signatures of what it has, and of what it refused.
        const isAgain = before !== undefined || request.message.deadline < agent.index.moment;
        agent.accounts.note(request.party, isAgain);
        if (before === undefined) {
          checkDeposit(agent, isCare ? { care: submission } : { submission });
          checked.push({ place, request, submission });
        } else {
          outcomes.set(place, placed(before));
        }
      });
    } catch (error) {
      outcomes.set(place, refusal(error));
    }
  }
  const unkept = await depositRules(
    agent,
    checked.map(({ submission }) => submission),
  );
  const accepted = await vouched(
    agent,
    checked.filter((_, at) => !unkept.has(at)),
    (place, error) => outcomes.set(place, refusal(error)),
  );
  for (const [at, reason] of unkept) {
    const place = checked[at]?.place;
    if (place !== undefined) outcomes.set(place, refusal(reason));
  }
  const [first] = accepted;
  if (areEnds) {
    for (const { place } of accepted) outcomes.set(place, { outcome: 'kept' });
  } else if (first !== undefined) {
    const answers = await carryAll(agent, first.request.type, accepted).catch((error: unknown) =>
      accepted.map(() => toMedsealError(error)),
    );
    await agent.index.refresh().catch(() => undefined);
    for (const [at, { place, request }] of accepted.entries()) {
      // A request that the ledger refuses because it has it already was sent twice at once.
      const answer = placeOf(agent, request) ?? answers[at] ?? new MedsealError('INTERNAL', {});
      outcomes.set(place, answer instanceof MedsealError ? refusal(answer) : placed(answer));
    }
  }
  return submissions.map((_, place) => outcomes.get(place) ?? refusal(undefined));
}

/** Returns those that k coordinators vouch for, where they have to. */
async function vouched(
  agent: AgentContext,
  carried: readonly Carried[],
  refuse: (place: number, error: unknown) => void,
): Promise<readonly Carried[]> {
  const asked = carried.map(async (each) => {
    const { type } = each.request;
    if (LEDGER_REQUESTS[type].vouched !== true) return each;
    return { ...each, checks: await countersignCare(agent, each.submission) };
  });
  const answers = await Promise.allSettled(asked);
  return answers.flatMap((answer, at) => {
    if (answer.status === 'fulfilled') return [answer.value];
    const { place } = carried[at] ?? {};
    if (place !== undefined) refuse(place, answer.reason);
    return [];
  });
}

async function carryAll(
  { administrator }: AgentContext,
  type: RuleType | CareType,
  accepted: readonly Carried[],
): Promise<readonly (LedgerPlace | MedsealError)[]> {
  return await administrator.carry(
    type,
    accepted.map(({ request: { message, signature }, submission, checks = [] }) => {
      const { cosignature, claim } = submission;
      return { message, signature, cosignature, claim, signatures: checks };
    }),
  );
}

function placed({ transaction, block }: LedgerPlace): Outcome {
  return { outcome: 'placed', transaction, block };
}
