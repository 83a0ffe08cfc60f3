import type { EvidenceLog } from '../../log/EvidenceLog.ts';
import { coveredRecord } from '../../protocol/rights/coveredRecord.ts';
import type { Acknowledgement, Body } from '../../protocol/evidence/evidence.ts';
import type { Handle } from '../../protocol/ids.ts';
import type { Coverage } from '../../protocol/rights/judgeRight.ts';
import type { Write } from '../../protocol/struct/requests.ts';

/**
 * Returns the entries of a log that put on a patient's chart what a right covers, in their order. An entry whose body was
 * erased is not among them.
 *
 * @param log - The log, as an organisation holds it.
 * @param handle - The patient.
 * @param coverage - Coverage of the right.
 * @param size - Number of entries of the log to look at, from the first; all if absent.
 */
export async function coveredWrites(
  log: Pick<EvidenceLog, 'versions' | 'readAt'>,
  handle: Handle,
  coverage: Coverage,
  size = Infinity,
): Promise<readonly Acknowledgement[]> {
  const versions = (await log.versions(handle)).filter(({ index }) => index < size);
  const read = await log.readAt(versions.map(({ index }) => index));
  return read.filter(
    (found) => found !== undefined && coversWrite(coverage, found),
  ) as Acknowledgement[];
}

/**
 * Tells whether a right covers a write.
 *
 * @param coverage - Coverage of the right.
 * @param entry - The entry of the write.
 */
export function coversWrite({ categories, record }: Coverage, { body }: Acknowledgement): boolean {
  const write = (JSON.parse(body) as Body).request.message as Write;
  const isOfRecord = record === undefined || record === coveredRecord(write);
  return isOfRecord && (categories === undefined || categories.includes(write.category));
}
