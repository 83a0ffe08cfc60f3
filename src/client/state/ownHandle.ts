import { isMedsealError } from '../../errors/isMedsealError.ts';
import type { Handle } from '../../protocol/ids.ts';
import type { Party } from '../party/Party.ts';
import { readPatientState } from './PatientState.ts';

/**
 * Returns the handle of a patient's own chart.
 *
 * @param party - Anybody.
 * @returns Undefined for any other party, and on a device that was not restored yet.
 * @example
 * ```ts
 * const own = await ownHandle(patient);
 * console.log(own === handle ? 'your own chart' : 'the chart of another');
 * ```
 */
export async function ownHandle(party: Party): Promise<Handle | undefined> {
  try {
    return (await readPatientState(party)).handle;
  } catch (error) {
    if (isMedsealError(error, 'NOT_FOUND')) return undefined;
    throw error;
  }
}
