import type { PatientFacts } from '../../protocol/evidence/facts.ts';
import type { Keyring } from '../../protocol/rights/epochs.ts';
import { hasPower } from '../../protocol/rights/judgeMandate.ts';
import { isRecovered } from '../party/isRecovered.ts';
import type { Party } from '../party/Party.ts';

/**
 * Tells whether somebody else than a device of the patient may have committed to epochs of a chart: a key that acts for the patient or
 * did, or whoever found the key that the authority replaced.
 *
 * @param party - The patient.
 * @param patient - The chart as k coordinators confirm it.
 */
export function hadOtherKeys(
  party: Pick<Party, 'acting' | 'keyChanges'>,
  { mandates = [] }: PatientFacts,
): boolean {
  return isRecovered(party) || mandates.some((each) => hasPower(each, 'keys'));
}

/**
 * Tells whether the patient's devices turn the keys past epochs that somebody else may have committed to: until then the ledger
 * has epochs that no keyring gives.
 *
 * @param party - The patient.
 * @param keyring - The chart's keys.
 * @param patient - The chart as k coordinators confirm it.
 */
export function isTurning(
  party: Pick<Party, 'acting' | 'keyChanges'>,
  { former = -1 }: Keyring,
  patient: PatientFacts,
): boolean {
  return patient.first <= former && hadOtherKeys(party, patient);
}
