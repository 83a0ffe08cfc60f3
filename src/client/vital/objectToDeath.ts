import { MedsealError } from '../../errors/MedsealError.ts';
import type { LedgerPlace } from '../../protocol/evidence.ts';
import type { Handle } from '../../protocol/ids.ts';
import { sign } from '../../protocol/signing.ts';
import type { Party } from '../party/Party.ts';
import { placeVitalRecord, vitalDeadline } from './placeVitalRecord.ts';
import { readLife } from './readLife.ts';

/**
 * Objects to the patient's own death: a report that is not confirmed, however old it is, or a confirmed one until the delay of
 * the Registry has passed. Everything is again as it was.
 *
 * @param patient - The patient.
 * @param handle - Their handle.
 * @throws MedsealError `NOT_FOUND` if no death is reported; `RULE_REFUSED` with `ObjectionLate`; `RIGHT_MISSING` for another's
 * handle; `CONTRACT_ABSENT`, `PARTY_UNKNOWN`, `PARTY_SUSPENDED`, `RULE_UNCONFIRMED`.
 * @example
 * ```ts
 * const { state } = await readLife(patient, handle);
 * if (state !== 'living') await objectToDeath(patient, handle);
 * ```
 */
export async function objectToDeath(patient: Party, handle: Handle): Promise<LedgerPlace> {
  const { death, step } = await readLife(patient, handle);
  if (death === undefined) throw new MedsealError('NOT_FOUND', { what: 'report of a death' });
  const message = { handle, step: step + 1, death, deadline: vitalDeadline(patient) };
  const request = sign(patient, patient, 'ObjectToDeath', message);
  return await placeVitalRecord(patient, request, (life) => life.step > step);
}
