import { MedsealError } from '../../errors/MedsealError.ts';
import type { EpochSheet } from '../../protocol/rights/epochs.ts';
import type { PatientFacts } from '../../protocol/evidence/facts.ts';
import type { Handle } from '../../protocol/ids.ts';
import { isProvenSheet } from '../../protocol/rights/isProvenSheet.ts';
import { confirmFacts } from '../audit/confirmFacts.ts';
import type { Party } from '../party/Party.ts';
import { provenSheet, rememberSheet } from './provenSheets.ts';

/**
 * The recipients of a patient's present epoch, proven by the patient's commitment that k coordinators confirm.
 *
 * @param party - Party that wants to seal.
 * @param handle - Patient to seal for.
 * @param confirmed - Facts of the patient that k coordinators have just confirmed; they are asked if absent.
 * @throws MedsealError `KEY_UNAUTHENTIC`; `NOT_FOUND` if nobody controls the handle; `EPOCHS_EXHAUSTED` before the
 * patient's first commitment.
 * @example
 * ```ts
 * const { epoch, recipients } = await confirmSheet(doctor, handle);
 * console.log(`epoch ${epoch}, keys for ${Object.keys(recipients).join(', ')}`);
 * ```
 */
export async function confirmSheet(
  party: Party,
  handle: Handle,
  confirmed?: PatientFacts,
): Promise<EpochSheet> {
  let patient = confirmed ?? (await confirmPresent(party, handle));
  for (;;) {
    try {
      return await fetchSheet(party, patient);
    } catch (error) {
      const { epoch } = patient;
      patient = await confirmPresent(party, handle);
      // An epoch that ended meanwhile may be of a commitment that took its place: its sheet is not served any more.
      if (patient.epoch <= epoch) throw error;
    }
  }
}

/** The patient's facts that name the present epoch. */
async function confirmPresent(party: Party, handle: Handle): Promise<PatientFacts> {
  const { patient } = await confirmFacts(party, { handle });
  if (patient === undefined || patient.handle !== handle) {
    throw new MedsealError('NOT_FOUND', { what: 'patient' });
  }
  if (patient.epoch === 0) throw new MedsealError('EPOCHS_EXHAUSTED', {});
  return patient;
}

async function fetchSheet(party: Party, patient: PatientFacts): Promise<EpochSheet> {
  const { handle, epoch } = patient;
  const known = provenSheet(party, patient, epoch);
  if (known !== undefined) return known;
  const served = await party.agent.sheet({ handle, epoch });
  if (!isProvenSheet(party.primitives, patient, epoch, served)) {
    throw new MedsealError('KEY_UNAUTHENTIC', { what: 'sheet of the epoch' });
  }
  rememberSheet(party, patient, served.sheet);
  return served.sheet;
}
