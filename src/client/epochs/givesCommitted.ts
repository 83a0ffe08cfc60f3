import { isMedsealError } from '../../errors/isMedsealError.ts';
import type { EpochsCommitted, PatientFacts } from '../../protocol/evidence/facts.ts';
import type { Keyring } from '../../protocol/rights/epochs.ts';
import type { Party } from '../party/Party.ts';
import { lastEpoch } from '../../protocol/rights/lastEpoch.ts';
import { preparedIn } from './epochIdentity.ts';
import { epochSheets } from './epochSheets.ts';
import { givesServed } from './givesServed.ts';

/**
 * Tells whether a keyring gives the recipients that the patient has committed to on the ledger.
 *
 * @param party - The patient.
 * @param keyring - The chart's keys.
 * @param patient - The chart as k coordinators confirm it.
 */
export async function givesCommitted(
  party: Party,
  keyring: Keyring,
  patient: PatientFacts,
): Promise<boolean> {
  // Whoever acts could commit to more epochs than a device computes in its life.
  if (preparedIn(keyring) < lastEpoch(patient)) return false;
  if (await givesServed(party, keyring, patient)) return true;
  const commitments: EpochsCommitted[] = [
    patient.next,
    patient.epoch > 0 ? patient : undefined,
  ].filter((each) => each !== undefined);
  for (const { first, count, root } of commitments) {
    const isGiven = async (guarded: boolean): Promise<boolean> => {
      const range = { first, count, guarded };
      const given = await epochSheets(party, keyring, range).catch(unlessMissing);
      return given.root === root;
    };
    // Epochs were prepared while the channel had a release key or had none, whatever it has now.
    if (!(await isGiven(true)) && !(await isGiven(false))) return false;
  }
  return true;
}

function unlessMissing(error: unknown): { readonly root?: undefined } {
  if (isMedsealError(error, 'KEY_PENDING') || isMedsealError(error, 'RECORD_ERASED')) return {};
  throw error;
}
