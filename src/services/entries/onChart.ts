import type { NewEntry } from '../../log/EvidenceLog.ts';
import type { EvidenceType, Signed, Write } from '../../protocol/struct/requests.ts';

/**
 * Returns the effect of an entry on a chart, as the log wants it: the record version that it puts there with its sealed
 * file, or that it erases.
 *
 * @param request - The request in the entry's body.
 * @param accepted - True if it was flagged `A`.
 */
export function onChart(
  { type, message }: Signed<EvidenceType>,
  accepted: boolean,
): Pick<NewEntry, 'version' | 'erases'> {
  if (!accepted) return {};
  if (type === 'Erase') return { erases: true };
  if (type !== 'Write') return {};
  const { record, version, file } = message as Write;
  return { version: { record, version, file } };
}
