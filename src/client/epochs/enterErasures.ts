import { bytesToHex } from '../../crypto/bytes.ts';
import { isMedsealError } from '../../errors/isMedsealError.ts';
import { seconds } from '../../protocol/Clock.ts';
import type { Keyring } from '../../protocol/rights/epochs.ts';
import { ZERO32 } from '../../protocol/ids.ts';
import { CATEGORIES, type Category } from '../../protocol/vocabulary.ts';
import { submitEvidence } from '../agent/submit.ts';
import type { Party } from '../party/Party.ts';
import { keepPatientState } from '../state/keepPatientState.ts';
import { readOwnState } from '../state/readOwnState.ts';
import { withPatientState } from '../state/withPatientState.ts';

/**
 * Enters in the log, for each category whose keys are destroyed, up to which epoch: then nodes show its records to nobody,
 * and delete their files. The state names the category until the log has the entry, so any device of the patient goes on with
 * it after an interruption; a second entry of the same changes nothing.
 *
 * @param party - The patient.
 * @throws MedsealError as `submitEvidence` and `keepPatientState` do.
 */
export async function enterErasures(party: Party): Promise<void> {
  const { handle, erasing = {}, keyring } = await readOwnState(party);
  for (const category of CATEGORIES) {
    const epoch = erasing[category];
    // Until its keys are gone, the erasure is under way.
    if (epoch === undefined || hasKeys(keyring, category, epoch)) continue;
    try {
      await submitEvidence(party, 'Erase', {
        log: party.log,
        handle,
        category,
        epoch,
        grant: ZERO32,
        purpose: 'PATRQT',
        deadline: seconds(party.clock) + 300,
        salt: bytesToHex(party.random(16)),
      });
    } catch (error) {
      // It waits for its day, and holds up nothing else.
      if (isMedsealError(error, 'RETENTION_ACTIVE')) continue;
      throw error;
    }
    await withPatientState(party, async (state) => {
      const { [category]: entered = 0, ...others } = state.erasing ?? {};
      // Another device may erase more meanwhile.
      if (entered === epoch) await keepPatientState(party, { ...state, erasing: others });
    });
  }
}

/** Tells whether a keyring has keys of a category in spans up to an epoch. */
function hasKeys(keyring: Keyring, category: Category, upTo: number): boolean {
  return Object.entries(keyring.keys).some(
    ([end, keys]) => Number(end) <= upTo && category in keys,
  );
}
