import type { EvidenceLog } from '../../log/EvidenceLog.ts';
import type { Bytes32 } from '../../protocol/ids.ts';
import { placesInLogs, type EntryPlace } from './placesInLogs.ts';

/**
 * The entries that sealed files belong to, in whichever of the logs: the first that put each on a chart. All files are
 * looked up at once. No two logs name one file while at least one coordinator of each k is honest; if two do, the
 * earlier moment counts, so that nobody takes a file away by naming it later.
 *
 * @param logs - The channel's, as an organisation holds them.
 * @param files - SHA-256 of the sealed files.
 * @returns In their order the places; undefined for a file that no log names.
 */
export async function fileOwners(
  logs: Iterable<EvidenceLog>,
  files: readonly Bytes32[],
): Promise<readonly (EntryPlace | undefined)[]> {
  const found = await placesInLogs(logs, async (log) => await log.filesAt(files));
  return await Promise.all(
    found.map(async (places) => (places.length > 1 ? await earliest(places) : places[0])),
  );
}

async function earliest(places: readonly EntryPlace[]): Promise<EntryPlace | undefined> {
  const dated = places.map(async (place) => {
    const [stored] = await place.log.stored({ from: place.index, to: place.index + 1 });
    return { place, at: stored?.at ?? 0, name: place.log.identity.name };
  });
  const sorted = (await Promise.all(dated)).toSorted(
    (left, right) => left.at - right.at || (left.name < right.name ? -1 : 1),
  );
  return sorted[0]?.place;
}
