import { confirmFacts } from '../audit/confirmFacts.ts';
import { endFormerSpan } from '../epochs/endFormerSpan.ts';
import type { Party } from '../party/Party.ts';
import { readPatientState, type KnownMandate } from '../state/PatientState.ts';
import { keepPatientState } from '../state/keepPatientState.ts';
import { isStanding } from '../state/standingMandates.ts';
import { withPatientState } from '../state/withPatientState.ts';

/**
 * Ends the span of keys that the holders of mandates have which are over, however these came to be over: by their date, laid
 * down, ended, or with that of who appointed them. Then `turnFormerKeys` turns the keys past it. A device does both whenever it connects. Safe to
 * repeat.
 *
 * @param party - The patient.
 * @returns True if one was over.
 * @throws MedsealError `NOT_FOUND` on a device of someone who is not a patient; `STATE_STALE`, `ANSWER_DISPUTED`, `KEY_UNAUTHENTIC`.
 * @example
 * ```ts
 * const wasOver = await closeMandates(patient);
 * if (wasOver) await turnFormerKeys(patient);
 * ```
 */
export async function closeMandates(party: Party): Promise<boolean> {
  if (((await readPatientState(party)).mandates ?? []).length === 0) return false;
  return await withPatientState(party, async (state) => {
    const { handle, mandates = [] } = state;
    if (mandates.every(({ isClosed }) => isClosed === true)) return false;
    const { patient } = await confirmFacts(party, { handle });
    const listed = patient?.mandates ?? [];
    const isOver = (each: KnownMandate): boolean =>
      each.isClosed !== true && !isStanding(party, each, listed, mandates);
    if (!mandates.some(isOver)) return false;
    const closed = mandates.map((each) => (isOver(each) ? { ...each, isClosed: true } : each));
    const keyring = endFormerSpan(state.keyring);
    await keepPatientState(party, { ...state, mandates: closed, keyring });
    return true;
  });
}
