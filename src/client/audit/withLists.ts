import { toMedsealError } from '../../errors/toMedsealError.ts';
import type { ListsAsked } from '../../protocol/AgentPort.ts';
import type { AuditedEntry, ChainEntry } from '../../protocol/evidence/evidence.ts';
import { MOST_LISTS } from '../../protocol/shapes/askedShapes.ts';
import type { ListedPair } from '../../protocol/evidence/viewSet.ts';
import { logOf } from '../../protocol/network/networkLookups.ts';
import { patiently } from '../agent/patiently.ts';
import type { Party } from '../party/Party.ts';
import type { ExaminedBefore } from './examineEntries.ts';
import { untoldRecords } from './viewedRecords.ts';

/** Number of questions for lists that may fail before the node is asked no more. */
const MOST_FAILURES = 3;

/** The entries of a log with the lists beside them. */
export interface WithLists {
  readonly entries: readonly ChainEntry[];
  /** Why lists could not be asked for, a sentence for each reason. */
  readonly unasked: readonly string[];
}

/**
 * Adds the lists of the views of several records to the entries of an audit or a chain. Those that an audit before had whole are not asked
 * for again, and all others are: what nobody told heals in the next audit. A node that fails is asked again at once. They are not checked.
 *
 * @param party - The patient, or the party that signed them.
 * @param query - The acknowledged audit or chain, and the log.
 * @param entries - Its entries; not trusted.
 * @param before - The entries that were examined before, by place.
 * @returns The entries, those whose list nobody gave without one; and the reasons why lists were not even asked for.
 */
export async function withLists(
  party: Pick<Party, 'agent' | 'clock' | 'random' | 'network' | 'log'>,
  { ticket, request, log }: Omit<ListsAsked, 'places'>,
  entries: readonly AuditedEntry[],
  before: ExaminedBefore = new Map(),
): Promise<WithLists> {
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
  const reasons = new Set<string>();
  let failures = 0;
  for (let from = 0; from < wanted.length; from += MOST_LISTS) {
    if (reasons.size > 0) break;
    const places = wanted.slice(from, from + MOST_LISTS);
    const ask = async (): Promise<Lists | undefined> => {
      try {
        return await party.agent.lists({ ticket, request, log, places });
      } catch (error) {
        failures += 1;
        if (failures < MOST_FAILURES) return undefined;
        reasons.add(toMedsealError(error).message);
        return [];
      }
    };
    // Whoever gives none is found out by what the audit then says it does not know.
    const given = (await patiently(party, ask)) ?? [];
    for (const [nth, place] of places.entries()) {
      const list = given[nth] ?? [];
      if (list.length > 0) lists.set(place, list);
    }
  }
  const { organisation } = logOf(party.network, party.log).log;
  return {
    entries: entries.map((entry) => {
      const pairs = lists.get(entry.index);
      return pairs === undefined ? entry : { ...entry, pairs };
    }),
    unasked: [...reasons].map(
      (reason) =>
        `lists of views of several records: the node of ${organisation} did not answer (${reason})`,
    ),
  };
}

type Lists = Awaited<ReturnType<Party['agent']['lists']>>;
