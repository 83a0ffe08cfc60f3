import type { Primitives } from '../../crypto/Primitives.ts';
import type { Bytes32, LogName } from '../../protocol/ids.ts';
import type { ViewSet } from '../../protocol/struct/requests.ts';
import { MOST_LISTS } from '../../protocol/shapes/askedShapes.ts';
import { succeeds } from '../../protocol/wire/succeeds.ts';
import { requirePairs, type ListedPair } from '../../protocol/evidence/viewSet.ts';
import { askQuorum } from '../quorum/askQuorum.ts';
import { fulfilled } from '../quorum/fulfilled.ts';
import type { CoordinatorPort } from '../ports.ts';
import type { ServiceContext } from '../ServiceContext.ts';

/** A set of views whose list is wanted, with what is known of the list. */
export interface ListWanted {
  readonly entry: Bytes32;
  readonly set: ViewSet;
  /** Tells which places of its list were accepted. */
  readonly isAccepted: (place: number) => boolean;
  readonly known?: readonly ListedPair[] | undefined;
}

/**
 * Asks coordinators for the lists of sets of views, all of them at once, until each list is whole: it names each version that was
 * accepted. Each is the one that was signed, whoever gave it.
 *
 * @param context - The organisation's context.
 * @param coordinators - Whom to ask.
 * @param log - The log that the sets stand in.
 * @param wanted - The sets.
 * @returns In their order; undefined for a list that nobody gave.
 */
export async function askForLists(
  context: Pick<ServiceContext, 'clock' | 'circuits' | 'primitives'>,
  coordinators: readonly Pick<CoordinatorPort, 'listed'>[],
  log: LogName,
  wanted: readonly ListWanted[],
): Promise<readonly (readonly ListedPair[] | undefined)[]> {
  const found: (readonly ListedPair[] | undefined)[] = [];
  for (let from = 0; from < wanted.length; from += MOST_LISTS) {
    const group = wanted.slice(from, from + MOST_LISTS);
    const missing = group.filter((each) => !isWhole(each));
    const entries = missing.map(({ entry }) => entry);
    const joined = (given: readonly PromiseSettledResult<Lists>[]): Lists =>
      missing.map((each, nth) =>
        fulfilled(given).reduce<readonly ListedPair[]>(
          (known, lists) => joinLists(context.primitives, { ...each, known }, lists[nth] ?? []),
          each.known ?? [],
        ),
      );
    const areWhole = (given: readonly PromiseSettledResult<Lists>[]): boolean =>
      joined(given).every((known, nth) => {
        const each = missing[nth];
        return each !== undefined && isWhole({ ...each, known });
      });
    const answers =
      missing.length === 0
        ? []
        : await askQuorum(context, coordinators, {
            ask: async (coordinator) => await coordinator.listed({ log, entries }),
            least: 1,
            isProven: areWhole,
            isDecided: (given, _left, hopeful) => hopeful === 0 || areWhole(given),
          });
    const lists = joined(answers).values();
    for (const each of group) {
      const list = isWhole(each) ? each.known : lists.next().value;
      found.push(list?.length === 0 ? undefined : list);
    }
  }
  return found;
}

type Lists = readonly (readonly ListedPair[])[];

/**
 * Joins two lists of a set: a leaf alone says nothing, and whoever has the record version behind it tells it.
 *
 * @param primitives - SHA-256.
 * @param wanted - The set, with a list that is the signed one, or empty.
 * @param given - Another; not trusted.
 */
function joinLists(
  primitives: Pick<Primitives, 'sha256'>,
  wanted: ListWanted,
  given: readonly ListedPair[],
): readonly ListedPair[] {
  const { set, known = [] } = wanted;
  if (isWhole(wanted)) return known;
  const isSigned = succeeds(() => requirePairs(primitives, set, given).length > 0);
  if (!isSigned) return known;
  if (known.length === 0) return given;
  return known.map((pair, place) => ('leaf' in pair ? (given[place] ?? pair) : pair));
}

/**
 * Tells whether a list is known, and names each record version that was accepted.
 *
 * @param wanted - The set, with what is known.
 */
export function isWhole({ known = [], isAccepted }: Omit<ListWanted, 'set'>): boolean {
  return known.length > 0 && known.every((pair, place) => 'record' in pair || !isAccepted(place));
}
