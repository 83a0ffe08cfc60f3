import { isMedsealError } from '../../errors/isMedsealError.ts';
import { lastEpoch } from '../../protocol/rights/lastEpoch.ts';
import { confirmFacts } from '../audit/confirmFacts.ts';
import type { Party } from '../party/Party.ts';
import { readPatientState } from '../state/PatientState.ts';
import { keepPatientState } from '../state/keepPatientState.ts';
import { restorePatient } from '../state/restorePatient.ts';
import { withPatientState } from '../state/withPatientState.ts';
import { commitEpochs } from './commitEpochs.ts';
import { endFormerSpan } from './endFormerSpan.ts';
import { foreignUntil } from './foreignUntil.ts';
import { hadOtherKeys, isTurning } from './isTurning.ts';
import { turnFormerKeys } from './turnFormerKeys.ts';

/**
 * Turns a patient's keys past epochs that a key which acts for the patient, or a lost one, committed to, and that no state of the patient's
 * devices gives. The patient never opens records that others sealed in these epochs. A representative can do it again until the mandate is ended. Safe
 * to repeat.
 *
 * @param party - The patient.
 * @returns True if there were such epochs.
 * @throws MedsealError `NOT_FOUND` on a device of someone who is not a patient; `STATE_STALE`, `ANSWER_DISPUTED`, `KEY_UNAUTHENTIC`,
 * `RULE_REFUSED`, `RULE_UNCONFIRMED`.
 * @example
 * ```ts
 * const wasLocked = await leaveForeignEpochs(patient);
 * if (wasLocked) console.log('Somebody who acts for you chose keys of their own: end the mandate.');
 * ```
 */
export async function leaveForeignEpochs(party: Party): Promise<boolean> {
  const { handle, keyring } = await readPatientState(party);
  const { patient } = await confirmFacts(party, { handle });
  if (patient === undefined || !hadOtherKeys(party, patient)) return false;
  // An earlier run may have been cut off.
  const isUnderWay = isTurning(party, keyring, patient);
  const isNoted = (await foreignUntil(party, keyring, patient)) > 0 && (await noted(party));
  if (!isUnderWay && !isNoted) return false;
  const { former = 0 } = (await readPatientState(party)).keyring;
  // As far as the turn goes the ledger needs epochs; a longer commitment of the patient takes the place of a short one of theirs.
  if (lastEpoch(patient) < former) await commitEpochs(party, former - patient.epoch);
  await turnFormerKeys(party);
  return !isUnderWay;
}

/** Notes in the state which epoch to get past; false if the newest state gives all that the ledger has. */
async function noted(party: Party): Promise<boolean> {
  // Another device may have prepared them, or kept a newer state before.
  await restorePatient(party).catch(unlessForeign);
  return await withPatientState(party, async (state) => {
    const { patient } = await confirmFacts(party, { handle: state.handle });
    const until = patient ? await foreignUntil(party, state.keyring, patient) : 0;
    if (until === 0) return false;
    const { former = 0 } = state.keyring;
    // An earlier run noted it.
    if (former >= until) return true;
    const closed = endFormerSpan({ ...state.keyring, former: until });
    await keepPatientState(party, { ...state, keyring: closed });
    return true;
  });
}

function unlessForeign(error: unknown): void {
  if (!isMedsealError(error, 'EPOCHS_FOREIGN')) throw error;
}
