import { digestOf } from '../../../protocol/struct/signing.ts';
import type { Will } from '../../../protocol/care/vitalRecords.ts';
import type { Party } from '../../party/Party.ts';
import { readPatientState } from '../../state/PatientState.ts';
import { readLife } from './readLife.ts';

/** The newest will of a patient. */
export interface WillKnown {
  /** Its number on the ledger; 0 if the patient never set one. */
  readonly number: number;
  /** Its opening; absent if no device of the patient kept it. */
  readonly will?: Will;
}

/**
 * Reads the patient's newest will, as the ledger and the patient's devices have it.
 *
 * @param patient - The patient.
 * @throws MedsealError `NOT_FOUND` on a device of someone who is not a patient; `KEY_UNAUTHENTIC`, `VERDICTS_MISSING`.
 * @example
 * ```ts
 * const { number, will } = await readWill(patient);
 * console.log(`will ${number} names ${will?.terms.grants.length ?? 0} rights`);
 * ```
 */
export async function readWill(patient: Party): Promise<WillKnown> {
  const { handle, wills = [] } = await readPatientState(patient);
  const { number, will: newest } = await readLife(patient, handle);
  const will = wills.find((each) => digestOf(patient, 'Will', each) === newest);
  return { number, ...(will && { will }) };
}
