import type { PatientFacts } from '../../protocol/evidence/facts.ts';
import type { Keyring } from '../../protocol/rights/epochs.ts';
import { hasPower } from '../../protocol/rights/judgeMandate.ts';

/**
 * Tells whether a key other than the patient's commits to epochs of a chart, or did.
 *
 * @param patient - The chart as k coordinators confirm it.
 */
export function hadActingKeys({ mandates = [] }: PatientFacts): boolean {
  return mandates.some((each) => hasPower(each, 'keys'));
}

/**
 * Tells whether the patient's devices turn the keys past epochs that somebody who acts may have committed to: until then the ledger
 * has epochs that no keyring gives.
 *
 * @param keyring - The chart's keys.
 * @param patient - The chart as k coordinators confirm it.
 */
export function isTurning({ former = -1 }: Keyring, patient: PatientFacts): boolean {
  return hadActingKeys(patient) && patient.first <= former;
}
