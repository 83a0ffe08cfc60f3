import type { AuditedEntry, Body } from '../../protocol/evidence/evidence.ts';
import type { Bytes32, LogName } from '../../protocol/ids.ts';
import { logOf } from '../../protocol/network/networkLookups.ts';
import type { ViewSet } from '../../protocol/struct/requests.ts';
import { acceptedPlaces, pairLeaf, type ListedPair } from '../../protocol/evidence/viewSet.ts';
import { askForLists, type ListWanted } from '../entries/askForLists.ts';
import type { AgentContext } from './AgentContext.ts';

/**
 * Returns the lists of the sets of views among entries: from the organisation's own coordinator, and what that did not judge, lost or
 * does not tell from the others, all at once. Each is the one that was signed, whoever gave it.
 *
 * @param agent - The agent's context.
 * @param log - The log that the entries are of.
 * @param entries - Entries of an audit or a chain.
 * @param isChain - True for a chain. Of what was not accepted its reader is told the leaf alone: which version an organisation can name
 * would say which exist.
 * @returns By entry; a list that nobody gave is not there.
 */
export async function listsOf(
  agent: AgentContext,
  log: LogName,
  entries: readonly Pick<AuditedEntry, 'entry' | 'body'>[],
  isChain: boolean,
): Promise<ReadonlyMap<Bytes32, readonly ListedPair[]>> {
  const sets = entries.flatMap(({ entry, body }): ListWanted[] => {
    const found = setIn(body);
    return found === undefined ? [] : [{ entry, ...found }];
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
    sets.flatMap((each, nth) => {
      const list = found[nth];
      return list === undefined ? [] : [[each.entry, isChain ? acceptedOf(each, list) : list]];
    }),
  );

  /** The list with the leaf alone of what was not accepted. */
  function acceptedOf(
    { set, isAccepted }: ListWanted,
    list: readonly ListedPair[],
  ): readonly ListedPair[] {
    return list.map((pair, place) => {
      if ('leaf' in pair || isAccepted(place)) return pair;
      return { leaf: pairLeaf(agent.primitives, set.salt, pair) };
    });
  }
}

/** The set of views that a body of the organisation's own logs is of; undefined for another request. */
function setIn(body: string | undefined): Pick<ListWanted, 'set' | 'isAccepted'> | undefined {
  const { request, flag, left } = JSON.parse(body ?? '{}') as Partial<Body>;
  if (request?.type !== 'ViewSet' || flag === undefined) return undefined;
  return { set: request.message as ViewSet, isAccepted: acceptedPlaces({ flag, left }) };
}
