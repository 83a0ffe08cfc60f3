import { isMedsealError } from '../../errors/isMedsealError.ts';
import { patiently } from '../agent/patiently.ts';
import type { DeviceStore } from '../party/DeviceStore.ts';
import { readOwnState } from './readOwnState.ts';
import type { PatientState } from './PatientState.ts';
import type { Party } from '../party/Party.ts';
import { restorePatient } from './restorePatient.ts';

/** Number of attempts if other devices of the patient are faster. */
const ATTEMPTS = 3;

const turns = new WeakMap<DeviceStore, Promise<unknown>>();

/**
 * Runs a change of the patient's state. The changes of one device run one after another; if another device of the
 * patient was faster, this one takes the newest state and begins again. So no change is lost: a right that no device
 * knows could not be shown, and an epoch whose keys are lost could not be opened. It begins again also if the keys turned
 * meanwhile, as they do without the patient at the date of a right: what was signed names an epoch that is over.
 *
 * @param party - The patient.
 * @param run - Change, which is safe to repeat; it stores a new state before anything else changes. It must not call this
 * function.
 * @throws MedsealError `NOT_FOUND` on a device of someone who is not a patient; `STATE_STALE` if other devices were
 * faster each time; `EPOCH_STALE`, or `RULE_REFUSED` with `EpochUnexpected`, if the keys turned each time.
 */
export async function withPatientState<Result>(
  party: Party,
  run: (state: PatientState) => Promise<Result>,
): Promise<Result> {
  const before = turns.get(party.device) ?? Promise.resolve();
  const mine = before.catch(() => undefined).then(async () => await attempt(party, run));
  turns.set(party.device, mine);
  return await mine;
}

async function attempt<Result>(
  party: Party,
  run: (state: PatientState) => Promise<Result>,
): Promise<Result> {
  let left = ATTEMPTS;
  let failed: unknown;
  const once = async (): Promise<readonly [Result] | undefined> => {
    try {
      // Another device may be faster again.
      if (failed !== undefined) await restorePatient(party);
      return [await run(await readOwnState(party))];
    } catch (error) {
      failed = error;
      if (isMedsealError(error, 'STATE_STALE') && --left > 0) return await once();
      if (hasTurned(error)) return undefined;
      throw error;
    }
  };
  // Coordinators that have not seen the turn yet get some seconds.
  const done = await patiently(party, once);
  if (done === undefined) throw failed;
  return done[0];
}

/** True if a node or the ledger refused something since it names an epoch that is over. */
function hasTurned(error: unknown): boolean {
  if (isMedsealError(error, 'EPOCH_STALE')) return true;
  return isMedsealError(error, 'RULE_REFUSED') && error.values.reason === 'EpochUnexpected';
}
