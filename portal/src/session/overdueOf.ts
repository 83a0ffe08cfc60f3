import { isMedsealError, listCorrections, type Correction } from '../../../src/client/index.ts';
import { ownChart } from './charts.ts';
import type { Session } from './Session.ts';

/**
 * Returns the objections that their author did not answer in time, as the chart shows; none if it cannot be read, so that all else
 * that waits is shown.
 *
 * @param session - The patient.
 */
export async function overdueOf(session: Session): Promise<readonly Correction[]> {
  if (session.handle === undefined) return [];
  try {
    const all = await listCorrections(session.party, await ownChart(session));
    return all.filter(({ state }) => state === 'overdue');
  } catch (error) {
    if (!isMedsealError(error)) throw error;
    return [];
  }
}
