import { actFor } from '../../client/mandates/actFor.ts';
import { recallOffered, type MandateOffered } from '../../client/mandates/offeredHere.ts';
import type { Party } from '../../client/party/Party.ts';
import { readPatientState } from '../../client/state/PatientState.ts';
import { restorePatient } from '../../client/state/restorePatient.ts';
import { isMedsealError } from '../../errors/isMedsealError.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import { calledAs } from '../program/calledAs.ts';

/**
 * Opens the party by which a visitor acts for a patient, and brings the state of the patient's devices to this one.
 *
 * @param party - The representative.
 * @param who - The patient: the name that the mandate was offered under, or the beginning of the handle.
 * @throws MedsealError `ARGUMENT_INVALID` if nothing was offered here; `RIGHT_MISSING` if the patient did not give it; `RIGHT_ENDED`.
 */
export async function openActing(party: Party, who: string): Promise<Party> {
  const offered = await recallOffered(party, who);
  if (offered.length === 0) {
    const reason = `this device never offered to act for ${who}; see ${calledAs('mandate offer --help')}`;
    throw new MedsealError('ARGUMENT_INVALID', { argument: '--acting-for', reason });
  }
  const acting = await firstGiven(party, offered);
  await readPatientState(acting).catch(async (error: unknown) => {
    if (!isMedsealError(error, 'NOT_FOUND')) throw error;
    await restorePatient(acting);
  });
  return acting;
}

/** Acts by the first that the patient gave; a newer offer may still wait for the patient. */
async function firstGiven(party: Party, offered: readonly MandateOffered[]): Promise<Party> {
  let missing: unknown;
  for (const { mandate } of offered) {
    try {
      return await actFor(party, mandate);
    } catch (error) {
      const isOver = isMedsealError(error, 'RIGHT_MISSING') || isMedsealError(error, 'RIGHT_ENDED');
      if (!isOver) throw error;
      missing ??= error;
    }
  }
  throw missing;
}
