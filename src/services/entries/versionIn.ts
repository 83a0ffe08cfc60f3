import type { NewEntry } from '../../log/EvidenceLog.ts';
import type { EvidenceType, Signed, Write } from '../../protocol/requests.ts';

/**
 * The record version that an entry puts on a chart, with its sealed file, as the log wants it.
 *
 * @param request - The request in the entry's body.
 * @param accepted - True if it was flagged `A`.
 */
export function versionIn(
  { type, message }: Signed<EvidenceType>,
  accepted: boolean,
): Pick<NewEntry, 'version'> {
  if (type !== 'Write' || !accepted) return {};
  const { record, version, file } = message as Write;
  return { version: { record, version, file } };
}
