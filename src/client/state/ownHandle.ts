import { isMedsealError } from '../../errors/isMedsealError.ts';
import type { Handle } from '../../protocol/ids.ts';
import { readPatientState, type StateHolder } from './PatientState.ts';

/**
 * Returns the handle of a patient's own chart.
 *
 * @param party - Anybody, or a device with its keys.
 * @returns Undefined for any other party, and on a device that was not restored yet.
 * @example
 * ```ts
 * const own = await ownHandle(patient);
 * console.log(own === handle ? 'your own chart' : 'the chart of another');
 * ```
 */
export async function ownHandle(party: StateHolder): Promise<Handle | undefined> {
  try {
    return (await readPatientState(party)).handle;
  } catch (error) {
    if (isMedsealError(error, 'NOT_FOUND')) return undefined;
    throw error;
  }
}
