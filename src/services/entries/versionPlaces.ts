import type { EvidenceLog } from '../../log/EvidenceLog.ts';
import type { RecordVersion } from '../../log/RecordVersion.ts';
import type { Handle } from '../../protocol/ids.ts';
import { placesInLogs, type EntryPlace } from './placesInLogs.ts';

/** A version of a patient's record. */
export type ChartVersion = RecordVersion & { readonly handle: Handle };

/**
 * Finds the places of versions of records, in whichever log; all are looked up at once.
 *
 * @param logs - The channel's, as an organisation holds them.
 * @param wanted - Patient, record, version of each.
 * @returns In their order; undefined for one that no log has.
 */
export async function versionPlaces(
  logs: Iterable<EvidenceLog>,
  wanted: readonly ChartVersion[],
): Promise<readonly (EntryPlace | undefined)[]> {
  const found = await placesInLogs(logs, async (log) => await log.placesOf(wanted));
  return found.map(([first]) => first);
}
