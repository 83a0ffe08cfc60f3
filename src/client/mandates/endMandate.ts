import { MedsealError } from '../../errors/MedsealError.ts';
import type { LedgerPlace } from '../../protocol/evidence/evidence.ts';
import type { Bytes32, Handle } from '../../protocol/ids.ts';
import { confirmFacts } from '../audit/confirmFacts.ts';
import type { Party } from '../party/Party.ts';
import { readPatientState } from '../state/PatientState.ts';
import { restorePatient } from '../state/restorePatient.ts';
import { layDown } from './layDown.ts';
import { turnPastMandates } from './turnPastMandates.ts';

/**
 * Ends a mandate of the patient's chart. The state of the patient's devices is sealed to it no more, and the chart's keys turn to a new
 * span: what is sealed from then on its former holder cannot open. Safe to repeat: a repeat goes on where one was cut off.
 *
 * @param party - The patient, or who acts for the patient and let the other act.
 * @param mandate - Its digest.
 * @throws MedsealError `NOT_FOUND` for one that is not on this chart; `RULE_REFUSED`, `RULE_UNCONFIRMED`, `STATE_STALE`,
 * `ANSWER_DISPUTED`.
 * @example
 * ```ts
 * for (const { mandate, state } of await listMandates(patient)) {
 *   if (state === 'active') await endMandate(patient, mandate);
 * }
 * ```
 */
export async function endMandate(party: Party, mandate: Bytes32): Promise<LedgerPlace> {
  // The last state that the other kept has rights that they gave. One that nobody else opens does not keep the patient from the end.
  await restorePatient(party).catch(() => undefined);
  const { handle } = await readPatientState(party);
  const place = await endOne(party, handle, mandate);
  await turnPastMandates(party);
  return place;
}

/**
 * Lays down a mandate: whoever acts by it ends it.
 *
 * @param party - The party that acts (`actFor`).
 * @throws MedsealError `ARGUMENT_INVALID` for a party that acts for nobody; as `endMandate`.
 * @example
 * ```ts
 * const forLeo = await actFor(marta, offer.mandate);
 * await resignMandate(forLeo);
 * ```
 */
export async function resignMandate(party: Party): Promise<LedgerPlace> {
  const { acting } = party;
  if (acting === undefined) {
    throw new MedsealError('ARGUMENT_INVALID', { argument: 'party', reason: 'it acts for nobody' });
  }
  return await endOne(party, acting.mandate.handle, acting.digest);
}

async function endOne(party: Party, handle: Handle, mandate: Bytes32): Promise<LedgerPlace> {
  const { patient } = await confirmFacts(party, { handle });
  const known = patient?.mandates?.find((each) => each.mandate === mandate);
  const [place] = known === undefined ? [] : await layDown(party, handle, [known]);
  if (place === undefined) throw new MedsealError('NOT_FOUND', { what: 'mandate' });
  return place;
}
