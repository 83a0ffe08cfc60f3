import { MedsealError } from '../../errors/MedsealError.ts';
import type { EvidenceLog } from '../../log/EvidenceLog.ts';
import type { Outcome } from '../../protocol/evidence/evidence.ts';
import { INCLUSION_WINDOW } from '../coordinator/promiseBodies.ts';
import type { AgentContext } from './AgentContext.ts';
import { nameOf, type Received } from './judgeRequests.ts';
import { refusal } from './refusal.ts';

/** Seconds after a request's deadline within which a coordinator may still promise it: it asks others for what it lacks. */
const LONGEST_JUDGING = 40;

/**
 * The log that a request was signed for: the agent's own, or that of the organisation that its party came from. A device that
 * did not hear the answer there sends the same bytes to its new agent.
 */
export function logAskedFor(
  { log, logs }: Pick<AgentContext, 'log' | 'logs'>,
  { request }: Pick<Received, 'request'>,
): EvidenceLog {
  return logs.get(request.message.log) ?? log;
}

/**
 * Finds the entries that answered requests, each in the log that it was signed for.
 *
 * @param agent - The agent's own log, and its organisation's copies of the others.
 * @param received - Authentic requests.
 * @returns Place of each one's answer in that log, by its place in the call; undefined for one without an answer.
 */
export async function placesOfAnswers(
  agent: Pick<AgentContext, 'log' | 'logs'>,
  received: readonly Received[],
): Promise<ReadonlyMap<number, number | undefined>> {
  const found = new Map<number, number | undefined>();
  for (const [log, asked] of Map.groupBy(received, (each) => logAskedFor(agent, each))) {
    const places = await log.answeredAt(asked.map(nameOf));
    for (const [nth, { place }] of asked.entries()) found.set(place, places[nth]);
  }
  return found;
}

/**
 * Refuses requests that were signed for another log and have no answer in the copy of it: for good once that log can no longer have
 * them, so that their parties sign them for this one, and else for a while. Signed again before, both could become entries.
 * A device's batch has one name in whichever log, so it can be signed again at once.
 *
 * @returns The requests for the agent's own log.
 */
export async function refuseElsewhere(
  agent: Pick<AgentContext, 'log' | 'logs' | 'cameToNothing'>,
  received: readonly Received[],
  outcomes: Map<number, Outcome>,
): Promise<readonly Received[]> {
  const here: Received[] = [];
  for (const each of received) {
    const log = logAskedFor(agent, each);
    if (log === agent.log) {
      here.push(each);
      continue;
    }
    const isAbsent = each.readings !== undefined || (await isNeverIn(agent, log, each));
    const what = `checkpoint of ${log.identity.name} that shows whether it has the request`;
    const error = isAbsent
      ? new MedsealError('LOG_WRONG', {})
      : new MedsealError('NOT_YET', { what });
    outcomes.set(each.place, refusal(error));
  }
  return here;
}

async function isNeverIn(
  { cameToNothing }: Pick<AgentContext, 'cameToNothing'>,
  log: EvidenceLog,
  asked: Received,
): Promise<boolean> {
  const due = asked.request.message.deadline + LONGEST_JUDGING + INCLUSION_WINDOW;
  if (!(await cameToNothing(log.identity.name, due))) return false;
  // An entry whose body is not there cannot be found by its request.
  if ((await log.unknown()).length > 0) return false;
  // Not before: the entry may have been copied since.
  const [place] = await log.answeredAt([nameOf(asked)]);
  return place === undefined;
}
