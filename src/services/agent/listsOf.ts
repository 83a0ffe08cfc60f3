import type { AuditedEntry, Body } from '../../protocol/evidence.ts';
import type { Bytes32, LogName } from '../../protocol/ids.ts';
import { logOf } from '../../protocol/networkLookups.ts';
import type { ViewSet } from '../../protocol/requests.ts';
import type { ListedPair } from '../../protocol/viewSet.ts';
import { askForLists, type ListWanted } from '../entries/askForLists.ts';
import type { AgentContext } from './AgentContext.ts';

/**
 * Returns the lists of the sets of views among entries: from the organisation's own coordinator, and what that did not judge, lost or
 * does not tell from the others, all at once. Each is the one that was signed, whoever gave it.
 *
 * @param agent - The agent's context.
 * @param log - The log that the entries are of.
 * @param entries - Entries of an audit or a chain.
 * @returns By entry; a list that nobody gave is not there.
 */
export async function listsOf(
  agent: AgentContext,
  log: LogName,
  entries: readonly Pick<AuditedEntry, 'entry' | 'body'>[],
): Promise<ReadonlyMap<Bytes32, readonly ListedPair[]>> {
  const sets = entries.flatMap(({ entry, body }): ListWanted[] => {
    const set = setIn(body);
    return set === undefined ? [] : [{ entry, set }];
  });
  const { coordinators } = logOf(agent.network, log).channel;
  // The ports stand in the order of the channel's coordinators.
  const place = coordinators.findIndex(({ organisation }) => organisation === agent.organisation);
  const own = agent.coordinators.filter((_, nth) => nth === place);
  const others = agent.coordinators.filter((_, nth) => nth !== place);
  const here = await askForLists(agent, own, log, sets);
  const known = sets.map((each, nth): ListWanted => ({ ...each, known: here[nth] }));
  const found = await askForLists(agent, others, log, known);
  return new Map(
    sets.flatMap(({ entry }, nth) => {
      const list = found[nth];
      return list === undefined ? [] : [[entry, list] as const];
    }),
  );
}

/** The set of views that a body of the organisation's own logs is of; undefined for another request. */
function setIn(body: string | undefined): ViewSet | undefined {
  const { request } = JSON.parse(body ?? '{}') as Partial<Body>;
  return request?.type === 'ViewSet' ? (request.message as ViewSet) : undefined;
}
