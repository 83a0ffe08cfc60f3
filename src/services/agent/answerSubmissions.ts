import { MedsealError } from '../../errors/MedsealError.ts';
import { toMedsealError } from '../../errors/toMedsealError.ts';
import type { Submission } from '../../protocol/AgentPort.ts';
import type { Outcome } from '../../protocol/evidence/evidence.ts';
import { MAX_SUBMISSIONS } from '../../protocol/shapes/askedShapes.ts';
import { EVIDENCE_TYPES } from '../../protocol/struct/evidenceTypes.ts';
import { parseSubmission } from '../../protocol/wire/parseSubmission.ts';
import type { AgentContext } from './AgentContext.ts';
import { answerEvidence } from './answerEvidence.ts';
import { carryRules } from './carryRules.ts';
import { refusal } from './refusal.ts';
import type { Releases } from './Releases.ts';

/**
 * Answers an array of requests, and counts what is refused and has no entry: it is in the next summary.
 *
 * @param agent - The agent's context.
 * @param releases - Tickets for what was answered.
 * @param submissions - Not trusted.
 * @returns An outcome for each, in order.
 * @throws MedsealError `REQUEST_MALFORMED`, `REQUEST_TOO_LARGE`.
 */
export async function answerSubmissions(
  agent: AgentContext,
  releases: Releases,
  submissions: readonly Submission[],
): Promise<readonly Outcome[]> {
  const outcomes = await answer(agent, releases, submissions).catch((error: unknown) =>
    throwCounted(agent, error),
  );
  for (const outcome of outcomes) {
    const summed = outcome.outcome === 'refused' && outcome.acknowledgement === undefined;
    if (summed) agent.refusals.count(outcome.problem.code);
  }
  return outcomes;
}

/** Counts an error that answers a whole call, and throws it. */
export function throwCounted({ refusals }: Pick<AgentContext, 'refusals'>, error: unknown): never {
  refusals.count(toMedsealError(error).code);
  throw error;
}

async function answer(
  agent: AgentContext,
  releases: Releases,
  submissions: readonly Submission[],
): Promise<readonly Outcome[]> {
  if (!Array.isArray(submissions)) {
    throw new MedsealError('REQUEST_MALFORMED', { what: 'submissions' });
  }
  if (submissions.length > MAX_SUBMISSIONS) {
    throw new MedsealError('REQUEST_TOO_LARGE', { what: 'array', limit: MAX_SUBMISSIONS });
  }
  const read = submissions.map(readSubmission);
  const answers: Outcome[] = [];
  for (const run of runsOfOneKind(read.filter((each) => 'request' in each))) {
    const answering = isEvidence(run[0])
      ? answerEvidence(agent, releases, run)
      : carryRules(agent, run);
    answers.push(...(await answering.catch((error: unknown) => run.map(() => refusal(error)))));
  }
  return read.map((each) => ('request' in each ? (answers.shift() ?? refusal(undefined)) : each));
}

/** A submission, or the refusal of a malformed one. */
function readSubmission(value: unknown): Submission | Outcome {
  try {
    return parseSubmission(value);
  } catch (error) {
    return refusal(error);
  }
}

function isEvidence(submission: Submission | undefined): boolean {
  const type: unknown = submission?.request?.type;
  return (EVIDENCE_TYPES as readonly unknown[]).includes(type);
}

/** Neighbours of one kind go together; the order of the kinds stays. */
function runsOfOneKind(submissions: readonly Submission[]): Submission[][] {
  const runs: Submission[][] = [];
  for (const submission of submissions) {
    const last = runs.at(-1);
    if (last !== undefined && kindOf(last[0]) === kindOf(submission)) last.push(submission);
    else runs.push([submission]);
  }
  return runs;
}

function kindOf(submission: Submission | undefined): unknown {
  return isEvidence(submission) ? 'evidence' : submission?.request?.type;
}
