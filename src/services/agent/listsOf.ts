import type { AuditedEntry, Body } from '../../protocol/evidence.ts';
import type { Bytes32, LogName } from '../../protocol/ids.ts';
import { logOf } from '../../protocol/networkLookups.ts';
import type { ViewSet } from '../../protocol/requests.ts';
import { succeeds } from '../../protocol/succeeds.ts';
import { requirePairs, type ListedPair } from '../../protocol/viewSet.ts';
import { MOST_LISTS } from '../../protocol/shapes/askedShapes.ts';
import type { AgentContext } from './AgentContext.ts';

/**
 * Returns the lists of the sets of views among entries: from the organisation's own coordinator, and what that did not judge, lost or
 * does not tell from the others, one after the other. Each is the one that was signed, whoever gave it.
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
  const found = new Map<Bytes32, readonly ListedPair[]>();
  const sets = entries.flatMap(({ entry, body }) => {
    const set = setIn(body);
    return set === undefined ? [] : [{ entry, set }];
  });
  if (sets.length === 0) return found;
  const { coordinators } = logOf(agent.network, log).channel;
  // The ports stand in the order of the channel's coordinators.
  const own = coordinators.findIndex(({ organisation }) => organisation === agent.organisation);
  const asking = [agent.coordinators[own], ...agent.coordinators.filter((_, nth) => nth !== own)];
  for (const coordinator of asking) {
    const missing = sets.filter(({ entry }) => !isWhole(found.get(entry)));
    for (let from = 0; from < missing.length; from += MOST_LISTS) {
      const group = missing.slice(from, from + MOST_LISTS);
      const asked = { log, entries: group.map(({ entry }) => entry) };
      const lists = (await coordinator?.listed(asked).catch(() => [])) ?? [];
      for (const [nth, { entry, set }] of group.entries()) {
        const list = lists[nth];
        const isSigned = succeeds(() => requirePairs(agent.primitives, set, list).length > 0);
        if (list === undefined || !isSigned) continue;
        const known = found.get(entry);
        // A leaf alone says nothing: whoever has the record version behind it tells it.
        const joined = known?.map((pair, place) => ('leaf' in pair ? (list[place] ?? pair) : pair));
        found.set(entry, joined ?? list);
      }
    }
  }
  return found;
}

function isWhole(list: readonly ListedPair[] | undefined): boolean {
  return list?.some((pair) => 'leaf' in pair) === false;
}

/** The set of views that a body of the organisation's own logs is of; undefined for another request. */
function setIn(body: string | undefined): ViewSet | undefined {
  const { request } = JSON.parse(body ?? '{}') as Partial<Body>;
  return request?.type === 'ViewSet' ? (request.message as ViewSet) : undefined;
}
