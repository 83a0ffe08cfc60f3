import { isMedsealError } from '../../errors/isMedsealError.ts';
import type { Organisation } from '../../protocol/ids.ts';
import { confirmFacts } from '../audit/confirmFacts.ts';
import { commitEpochs } from '../epochs/commitEpochs.ts';
import { readPatientState, type PatientState } from '../state/PatientState.ts';
import { restorePatient } from '../state/restorePatient.ts';
import { enrol } from './enrol.ts';
import type { Party } from './Party.ts';

/** Number of epochs that a new patient commits to. */
const EPOCHS = 8;

/**
 * Prepares the chart of a patient who applied, and goes on where an earlier attempt was interrupted, until the device
 * knows the chart and the chart has an epoch. A device that knows nothing restores the state that nodes store; if they
 * store nothing, it asks the authority for its answer again. Safe to repeat.
 *
 * @param party - The patient.
 * @param as - The organisation that the patient applied at.
 * @returns State of the patient's device.
 * @throws MedsealError `ENROLMENT_REFUSED` if the patient never applied and is refused; what `restorePatient` and
 * `commitEpochs` throw.
 * @example
 * ```ts
 * await enrol(patient, { role: 'patient', organisation: 'hospital' });
 * const { handle } = await preparePatient(patient, { organisation: 'hospital' });
 * console.log(`The chart ${handle} can be written.`);
 * ```
 */
export async function preparePatient(
  party: Party,
  as: { readonly organisation: Organisation },
): Promise<PatientState> {
  const { handle } = await readPatientState(party).catch(async (error: unknown) => {
    if (!isMedsealError(error, 'NOT_FOUND')) throw error;
    return await regained(party, as);
  });
  const { patient } = await confirmFacts(party, { handle });
  if ((patient?.epoch ?? 0) === 0) await commitEpochs(party, EPOCHS);
  return await readPatientState(party);
}

/** Restores the state that nodes keep; without one, asks again for the authority's answer, which was lost. */
async function regained(
  party: Party,
  { organisation }: { readonly organisation: Organisation },
): Promise<PatientState> {
  try {
    return (await restorePatient(party)).state;
  } catch (error) {
    if (!isMedsealError(error, 'NOT_FOUND')) throw error;
    await enrol(party, { role: 'patient', organisation });
    return await readPatientState(party);
  }
}
