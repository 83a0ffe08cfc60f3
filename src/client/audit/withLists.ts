import type { ListsAsked } from '../../protocol/AgentPort.ts';
import type { AuditedEntry, ChainEntry } from '../../protocol/evidence.ts';
import { MOST_LISTS } from '../../protocol/shapes/askedShapes.ts';
import type { ListedPair } from '../../protocol/viewSet.ts';
import type { Party } from '../party/Party.ts';
import type { ExaminedBefore } from './examineEntries.ts';
import { untoldRecords } from './viewedRecords.ts';

/**
 * Adds the lists of the views of several records to the entries of an audit or a chain. Those that an audit before had whole are not asked
 * for again. They are not checked.
 *
 * @param party - The patient, or the party that signed them.
 * @param query - The acknowledged audit or chain, and the log.
 * @param entries - Its entries; not trusted.
 * @param before - The entries that were examined before, by place.
 * @returns The entries; those whose list nobody gave stay without one.
 */
export async function withLists(
  party: Pick<Party, 'agent'>,
  { ticket, request, log }: Omit<ListsAsked, 'places'>,
  entries: readonly AuditedEntry[],
  before: ExaminedBefore = new Map(),
): Promise<readonly ChainEntry[]> {
  const lists = new Map<number, readonly ListedPair[]>();
  const wanted: number[] = [];
  for (const { index, entry, body } of entries) {
    // A body is canonical JSON; asking for the list of another entry changes nothing.
    if (body?.includes('"type":"ViewSet"') !== true) continue;
    const [known, event] = before.get(index) ?? [];
    const isWhole = known?.entry === entry && event !== undefined && untoldRecords(event) === 0;
    if (isWhole && event.pairs !== undefined) lists.set(index, event.pairs);
    else wanted.push(index);
  }
  for (let from = 0; from < wanted.length; from += MOST_LISTS) {
    const places = wanted.slice(from, from + MOST_LISTS);
    // Whoever gives none is found out by what the audit then says it does not know.
    const given = await party.agent.lists({ ticket, request, log, places }).catch(() => []);
    for (const [nth, place] of places.entries()) {
      const list = given[nth] ?? [];
      if (list.length > 0) lists.set(place, list);
    }
  }
  return entries.map((entry) => {
    const pairs = lists.get(entry.index);
    return pairs === undefined ? entry : { ...entry, pairs };
  });
}
