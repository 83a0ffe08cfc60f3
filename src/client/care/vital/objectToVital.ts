import { MedsealError } from '../../../errors/MedsealError.ts';
import type { LedgerPlace } from '../../../protocol/evidence/evidence.ts';
import type { Handle } from '../../../protocol/ids.ts';
import { sign } from '../../../protocol/struct/signing.ts';
import type { Vital } from '../../../protocol/struct/vitalTypes.ts';
import type { Party } from '../../party/Party.ts';
import { placeVitalRecord, vitalDeadline } from './placeVitalRecord.ts';
import { readLife } from './readLife.ts';

/**
 * Objects to the patient's own birth or death as it was reported: a report that is not confirmed, however old it is, or a
 * confirmed one for 14 days. Everything is again as it was.
 *
 * @param patient - The patient.
 * @param objection - Their handle, and what they object to.
 * @throws MedsealError `NOT_FOUND` if none is reported; `RULE_REFUSED` with `ObjectionLate`; `RIGHT_MISSING` for another's
 * handle; `CONTRACT_ABSENT`, `PARTY_UNKNOWN`, `PARTY_SUSPENDED`, `RULE_UNCONFIRMED`.
 * @example
 * ```ts
 * const { death } = await readLife(patient, handle);
 * if (death.stage !== 'none') await objectToVital(patient, { handle, what: 'death' });
 * ```
 */
export async function objectToVital(
  patient: Party,
  { handle, what }: { readonly handle: Handle; readonly what: Vital },
): Promise<LedgerPlace> {
  const { report, step } = (await readLife(patient, handle))[what];
  if (report === undefined) throw new MedsealError('NOT_FOUND', { what: `report of a ${what}` });
  const message = { what, handle, step: step + 1, report, deadline: vitalDeadline(patient) };
  const request = sign(patient, patient, 'ObjectToVital', message);
  return await placeVitalRecord(patient, request, (life) => life[what].step > step);
}
