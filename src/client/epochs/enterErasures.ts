import { bytesToHex } from '../../crypto/bytes.ts';
import { isMedsealError } from '../../errors/isMedsealError.ts';
import { seconds } from '../../protocol/Clock.ts';
import { ZERO32 } from '../../protocol/ids.ts';
import type { Erase } from '../../protocol/struct/requests.ts';
import { CATEGORIES } from '../../protocol/vocabulary.ts';
import { submitEvidence } from '../agent/submit.ts';
import type { Party } from '../party/Party.ts';
import { keepPatientState } from '../state/keepPatientState.ts';
import { readOwnState } from '../state/readOwnState.ts';
import { withPatientState } from '../state/withPatientState.ts';
import { hasKeysOf } from './hasKeysOf.ts';
import { isRetainedHere, RETAINED_HERE } from './retainedHere.ts';

/** Seconds after which a device asks again at the latest. */
const MOST_WAIT = 30 * 86_400;

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
  const failed: unknown[] = [];
  for (const category of CATEGORIES) {
    const epoch = erasing[category];
    // Until its keys are gone, the erasure is under way.
    if (epoch === undefined || hasKeysOf(keyring, category, epoch)) continue;
    // One that is refused holds up no other.
    await enterOne(party, { handle, category, epoch }).catch((error: unknown) =>
      failed.push(error),
    );
  }
  const [first] = failed;
  if (first !== undefined) throw first;
}

async function enterOne(
  party: Party,
  { handle, category, epoch }: Pick<Erase, 'handle' | 'category' | 'epoch'>,
): Promise<void> {
  const now = seconds(party.clock);
  if (await isRetainedHere(party, { category, epoch }, now)) return;
  try {
    await submitEvidence(party, 'Erase', {
      log: party.log,
      handle,
      category,
      epoch,
      grant: ZERO32,
      purpose: 'PATRQT',
      deadline: now + 300,
      salt: bytesToHex(party.random(16)),
    });
  } catch (error) {
    if (!isMedsealError(error, 'RETENTION_ACTIVE')) throw error;
    const stated = Math.floor(Date.parse(error.values.until) / 1000);
    // The day is the agent's word: one that lies delays an erasure by a month, and no longer.
    const until = Number.isFinite(stated) ? Math.min(stated, now + MOST_WAIT) : now;
    await RETAINED_HERE.put(party, { category, epoch, until });
    return;
  }
  await withPatientState(party, async (state) => {
    const { [category]: entered = 0, ...others } = state.erasing ?? {};
    // Another device may erase more meanwhile.
    if (entered === epoch) await keepPatientState(party, { ...state, erasing: others });
  });
}
