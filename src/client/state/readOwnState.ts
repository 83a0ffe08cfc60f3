import { isMedsealError } from '../../errors/isMedsealError.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import type { Party } from '../party/Party.ts';
import {
  recallState,
  redactedState,
  writePatientState,
  type PatientState,
} from './PatientState.ts';
import { requireOpens } from './requireOpens.ts';
import { restorePatient } from './restorePatient.ts';

/**
 * Reads the patient's state from the device to act on it. One that a device of the version before stored in clear may be of
 * anybody who writes the device's files: the newest one of the nodes, verified, takes its place, and lies there sealed. Until then
 * `readPatientState` shows it, also without a network.
 *
 * @param party - The patient, at one of its devices.
 * @throws MedsealError `NOT_FOUND` on a device of someone who is not a patient; what `restorePatient` throws.
 */
export async function readOwnState(party: Party): Promise<PatientState> {
  const recalled = await recallState(party);
  if (recalled === undefined)
    throw new MedsealError('NOT_FOUND', { what: 'patient on this device' });
  const { state, under } = recalled;
  if (under !== 'none') return state;
  try {
    return (await restorePatient(party)).state;
  } catch (error) {
    if (!isMedsealError(error, 'NOT_FOUND') || state.revision !== 0) throw error;
    // The enrolment was cut off before nodes had a state: it begins from what the ledger has.
    return await begunAgain(party, state);
  }
}

/** The first state of a chart, with nothing of the one in clear but the opening of the handle, which is verified. */
async function begunAgain(
  party: Party,
  { format, handle, patientId, salt }: PatientState,
): Promise<PatientState> {
  requireOpens(party, handle, { patientId, salt });
  const keyring = { format: 'medseal-keyring/2', handle, keys: {} } as const;
  const opening = { format, revision: 0, handle, patientId, salt } as const;
  const state = redactedState({ ...opening, keyring, grants: [], recipients: {} });
  await writePatientState(party, state);
  return state;
}
