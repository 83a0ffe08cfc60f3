import { leaveForeignEpochs } from '../epochs/leaveForeignEpochs.ts';
import { turnFormerKeys } from '../epochs/turnFormerKeys.ts';
import type { Party } from '../party/Party.ts';
import { closeMandates } from './closeMandates.ts';

/**
 * Turns a patient's keys past mandates that are over, however these came to be over, past epochs whose keys somebody who acts chose alone, and
 * past what a change of key left. A patient's device does it whenever it connects. On the device of who acts it only notes which mandates are over: the patient's own turns the
 * keys. Safe to repeat.
 *
 * @param party - The patient, or who acts for the patient.
 * @returns True if somebody had chosen keys that no device of the patient has: records that others sealed meanwhile stay closed.
 * @throws MedsealError `NOT_FOUND` on a device of someone who is not a patient; `STATE_STALE`, `ANSWER_DISPUTED`, `KEY_UNAUTHENTIC`,
 * `RULE_REFUSED`, `RULE_UNCONFIRMED`.
 * @example
 * ```ts
 * const wasLocked = await turnPastMandates(patient);
 * if (wasLocked) console.log('Somebody who acts for you chose keys of their own: end the mandate.');
 * ```
 */
export async function turnPastMandates(party: Party): Promise<boolean> {
  const isOwn = party.acting === undefined;
  const wasLocked = isOwn && (await leaveForeignEpochs(party));
  await closeMandates(party);
  if (isOwn) await turnFormerKeys(party);
  return wasLocked;
}
