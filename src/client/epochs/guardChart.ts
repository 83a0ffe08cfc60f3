import { releaseKeyOf } from '../../protocol/release/releaseKeyOf.ts';
import { CATEGORIES } from '../../protocol/vocabulary.ts';
import { confirmFacts } from '../audit/confirmFacts.ts';
import type { Party } from '../party/Party.ts';
import { readPatientState } from '../state/PatientState.ts';
import { confirmSheet } from './confirmSheet.ts';
import { turnPast } from './turnPast.ts';

/**
 * Turns a patient's keys once, if the channel got a release key after the present epoch was prepared: only then can records be
 * sealed so that opening them takes a release, and the patient opens them without one. Any device of the patient does it when
 * it connects. Safe to repeat.
 *
 * @param party - The patient.
 * @returns True if the keys had to turn.
 * @throws MedsealError as `revokeRight` does; `NOT_FOUND` on a device of someone who is not a patient.
 * @example
 * ```ts
 * const turned = await guardChart(patient);
 * if (turned) console.log('From now on opening a record takes a logged view.');
 * ```
 */
export async function guardChart(party: Party): Promise<boolean> {
  if (releaseKeyOf(party.network, party.log) === undefined) return false;
  const { handle } = await readPatientState(party);
  const { patient } = await confirmFacts(party, { handle });
  if (patient === undefined || patient.epoch === 0) return false;
  const { own } = await confirmSheet(party, handle, patient);
  if (own !== undefined) return false;
  const [category] = CATEGORIES;
  await turnPast(party, patient, patient.epoch, { category, erases: false });
  return true;
}
