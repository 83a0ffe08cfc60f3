import { MedsealError } from '../../errors/MedsealError.ts';
import type { Body, Outcome } from '../../protocol/evidence/evidence.ts';
import type { Write } from '../../protocol/struct/requests.ts';
import { versionPlaces } from '../entries/versionPlaces.ts';
import { acknowledgementAt } from './chart.ts';
import type { AgentContext } from './AgentContext.ts';
import type { Candidate } from './judgeRequests.ts';
import { refusal } from './refusal.ts';

/**
 * Answers batches of readings that came before: the record of a batch is named after it, so another request for it
 * brings the same readings again. Its party gets the entry that put them on the chart, and no entry says that it was
 * refused. While that entry is on its way, or if it came to nothing, the answer has none, and the party asks again.
 *
 * @param agent - The agent's context.
 * @param declined - Requests that are refused.
 * @param outcomes - Outcomes by place, to which the answers are added.
 * @returns The others.
 */
export async function answerBatches(
  agent: AgentContext,
  declined: readonly Candidate[],
  outcomes: Map<number, Outcome>,
): Promise<readonly Candidate[]> {
  const [repeated, others] = [declined.filter(isRepeated), declined.filter((x) => !isRepeated(x))];
  if (repeated.length === 0) return declined;
  const writes = repeated.map(({ request }) => request.message as Write);
  const places = await versionPlaces(agent.logs.values(), writes);
  const answering = repeated.map(async ({ place, request }, i) => {
    const found = places[i];
    const altered = new MedsealError('REQUEST_ALTERED', {});
    if (found === undefined) return [place, refusal(altered)] as const;
    const entry = await acknowledgementAt(found.log, found.index);
    // It may be in the place of another's record: that is told to nobody.
    const { party } = (JSON.parse(entry.body) as Body).request;
    return [place, party === request.party ? refusal(altered, entry) : refusal(altered)] as const;
  });
  for (const [place, outcome] of await Promise.all(answering)) outcomes.set(place, outcome);
  return others;
}

function isRepeated({ readings, refused }: Candidate): boolean {
  return readings !== undefined && refused?.code === 'REQUEST_ALTERED';
}
