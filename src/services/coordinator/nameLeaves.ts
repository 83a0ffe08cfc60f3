import type { Primitives } from '../../crypto/Primitives.ts';
import type { EvidenceLog } from '../../log/EvidenceLog.ts';
import type { ViewSet } from '../../protocol/struct/requests.ts';
import { pairLeaf, type ListedPair } from '../../protocol/evidence/viewSet.ts';

/**
 * Names the record versions of a list that stand in it by their leaves alone, and that are on the chart in some log.
 *
 * @param primitives - SHA-256.
 * @param logs - The organisation's own log and its copies.
 * @param set - The set.
 * @param list - Its list.
 * @returns The same list if there is nothing to name.
 */
export async function nameLeaves(
  primitives: Pick<Primitives, 'sha256'>,
  logs: Iterable<EvidenceLog>,
  { handle, salt }: ViewSet,
  list: readonly ListedPair[],
): Promise<readonly ListedPair[]> {
  if (list.every((pair) => 'record' in pair)) return list;
  const charts = [...logs].map(async (log) => await log.versions(handle));
  const pairs = (await Promise.all(charts)).flat().map(({ record, version }) => {
    return { record, version };
  });
  const named = new Map(pairs.map((pair) => [pairLeaf(primitives, salt, pair), pair]));
  if (!list.some((pair) => 'leaf' in pair && named.has(pair.leaf))) return list;
  return list.map((pair) => ('leaf' in pair ? (named.get(pair.leaf) ?? pair) : pair));
}
