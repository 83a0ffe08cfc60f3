import type { Mandate, MandateFacts } from '../../protocol/care/mandates.ts';
import { digestOf } from '../../protocol/struct/signing.ts';
import { confirmFacts } from '../audit/confirmFacts.ts';
import type { Party } from '../party/Party.ts';
import { readPatientState } from '../state/PatientState.ts';

/** A mandate on the patient's chart, as k coordinators confirm it. */
export interface MandateListed extends MandateFacts {
  /** Its opening; absent for one that no device of the patient knows. */
  readonly opening?: Mandate;
}

/**
 * Lists the mandates on the patient's chart, oldest first: those on the ledger, with who acts by them and why, as far as the
 * patient's devices know. One that no device knows was given with a key that another had.
 *
 * @param party - The patient, or who acts for the patient.
 * @throws MedsealError `NOT_FOUND` on a device of someone who is not a patient; `KEY_UNAUTHENTIC`, `VERDICTS_MISSING`.
 * @example
 * ```ts
 * for (const { opening, state } of await listMandates(patient)) {
 *   console.log(opening?.terms.representative ?? 'a key that you do not know', state);
 * }
 * ```
 */
export async function listMandates(party: Party): Promise<readonly MandateListed[]> {
  const { handle, mandates = [] } = await readPatientState(party);
  // Whoever kept a state before may have put another opening there.
  const openings = new Map(
    mandates.map(({ mandate }) => [digestOf(party, 'Mandate', mandate), mandate]),
  );
  const { patient } = await confirmFacts(party, { handle });
  return (patient?.mandates ?? []).map((facts) => {
    const opening = openings.get(facts.mandate);
    return { ...facts, ...(opening && { opening }) };
  });
}
