import { CATEGORIES } from '../../protocol/vocabulary.ts';
import type { Party } from '../party/Party.ts';
import { confirmChart } from '../records/confirmChart.ts';
import { withPatientState } from '../state/withPatientState.ts';
import { turnPast } from './turnPast.ts';

/**
 * Turns a patient's keys past those that a former holder of the state may have: a thief of a former seed has the keys of all
 * epochs that were prepared until the change. `changeKey` does it at its end; after an interruption, any device of the patient goes on with it.
 *
 * @param party - The patient.
 * @returns True if the keys had to turn.
 * @throws MedsealError `NOT_FOUND` on a device of someone who is not a patient; `STATE_STALE`, `ANSWER_DISPUTED`,
 * `KEY_UNAUTHENTIC`, `RULE_REFUSED`, `RULE_UNCONFIRMED`.
 * @example
 * ```ts
 * const hadToTurn = await turnFormerKeys(patient);
 * if (hadToTurn) await refreshPackets(patient);
 * ```
 */
export async function turnFormerKeys(party: Party): Promise<boolean> {
  const [category] = CATEGORIES;
  for (let turned = false; ; turned = true) {
    const due = await withPatientState(party, async (state) => {
      const { patient } = await confirmChart(party, state);
      const at = state.keyring.former ?? 0;
      return patient.epoch === 0 || patient.first > at ? undefined : { patient, at };
    });
    if (due === undefined) return turned;
    await turnPast(party, due.patient, due.at, { category, erases: false });
  }
}
