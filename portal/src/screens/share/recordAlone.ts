import { type ChartRecord, newestOfEach } from '../../../../src/client/index.ts';
import { MedsealError } from '../../../../src/errors/MedsealError.ts';
import type { RecordId } from '../../../../src/protocol/ids.ts';
import { ownChart } from '../../session/charts.ts';
import type { Session } from '../../session/Session.ts';

/**
 * Finds the record on the patient's chart that is to be shared alone.
 *
 * @param session - The patient.
 * @param id - The record; absent if records are shared by their kinds.
 * @returns Its newest version; undefined without a record.
 * @throws MedsealError `NOT_FOUND` if the chart does not have it; what `readChart` throws.
 */
export async function recordAlone(
  session: Session,
  id?: RecordId,
): Promise<ChartRecord | undefined> {
  if (id === undefined) return undefined;
  const { records } = await ownChart(session);
  const found = newestOfEach(records).find(({ record }) => record === id);
  if (found === undefined) throw new MedsealError('NOT_FOUND', { what: 'record' });
  return found;
}
