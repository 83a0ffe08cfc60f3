import type { PatientFacts } from '../../protocol/evidence/facts.ts';
import type { Keyring } from '../../protocol/rights/epochs.ts';
import type { Party } from '../party/Party.ts';
import { givesCommitted } from './givesCommitted.ts';

/**
 * Returns the epoch that a patient's keys have to turn past since the ledger has epochs that no keyring of the patient's devices gives; 0 if a
 * keyring gives all. The ledger has to enter the first epoch of their next commitment: one of the patient's in its place may be too long to be kept.
 *
 * @param party - The patient.
 * @param keyring - The chart's keys.
 * @param patient - The chart as k coordinators confirm it.
 */
export async function foreignUntil(
  party: Party,
  keyring: Keyring,
  patient: PatientFacts,
): Promise<number> {
  if (await givesCommitted(party, keyring, patient)) return 0;
  return Math.max(patient.epoch, patient.next?.first ?? 0);
}
