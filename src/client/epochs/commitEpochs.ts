import { ageIdentity } from '../../crypto/keys/ageIdentity.ts';
import { SPAN } from '../../crypto/keys/earlierIdentity.ts';
import { seconds } from '../../protocol/Clock.ts';
import type { Keyring } from '../../protocol/rights/epochs.ts';
import type { EpochsCommitted, PatientFacts } from '../../protocol/evidence/facts.ts';
import { releaseKeyOf } from '../../protocol/release/releaseKeyOf.ts';
import { requireKeepable } from '../../protocol/rights/requireKeepable.ts';
import { CATEGORIES } from '../../protocol/vocabulary.ts';
import { confirmChart } from '../records/confirmChart.ts';
import { confirmRule } from '../rights/confirmRule.ts';
import { holdsKey, preparedIn, spanEnds } from './epochIdentity.ts';
import { epochSheets } from './epochSheets.ts';
import { keepPatientState } from '../state/keepPatientState.ts';
import type { PatientState } from '../state/PatientState.ts';
import type { Party } from '../party/Party.ts';
import { submitRule, type Accepted } from '../agent/submit.ts';
import { withPatientState } from '../state/withPatientState.ts';

/**
 * Commits a patient ahead to the recipients of the next epochs; the first commitment begins epoch 1. Epochs that were
 * prepared before are committed to unchanged, also if the ledger does not know them: a repeat is safe, and packets that
 * were sealed ahead stay valid.
 *
 * @param party - The patient.
 * @param atLeast - Smallest number of epochs.
 * @throws MedsealError `NOT_FOUND` on a device of someone who is not a patient; `STATE_STALE` if another device of the
 * patient was faster each time; `ANSWER_DISPUTED` if fewer than k organisations store the state; `REQUEST_TOO_LARGE`,
 * `KEY_UNAUTHENTIC`, `RULE_REFUSED`, `RULE_UNCONFIRMED`.
 * @example
 * ```ts
 * await enrol(patient, { role: 'patient', organisation: 'hospital' });
 * const { block } = await commitEpochs(patient, 4);
 * console.log(`Records can be sealed from block ${block} on.`);
 * ```
 */
export async function commitEpochs(party: Party, atLeast: number): Promise<Accepted<'placed'>> {
  return await withPatientState(party, async (state) => {
    const { patient } = await confirmChart(party, state);
    return (await commitMore(party, state, patient.epoch, atLeast)).placed;
  });
}

/**
 * Does the same as part of a longer change of the patient's state.
 *
 * @param party - The patient.
 * @param state - The patient's state on the device.
 * @param epoch - The present epoch; 0 before the first.
 * @param atLeast - Smallest number of epochs.
 * @returns The new state, and the place of the commitment on the ledger.
 * @throws MedsealError as `commitEpochs` does; `STATE_STALE`.
 */
export async function commitMore(
  party: Party,
  state: PatientState,
  epoch: number,
  atLeast: number,
): Promise<{ readonly state: PatientState; readonly placed: Accepted<'placed'> }> {
  const { handle } = state;
  const first = epoch + 1;
  // The keys are kept before the ledger moves: an epoch whose keys are lost could never be opened.
  const kept = await keepPatientState(party, {
    ...state,
    keyring: prepared(party, state.keyring, epoch, epoch + atLeast),
  });
  const count = preparedIn(kept.keyring) - epoch;
  const { root, sheets } = await epochSheets(party, kept.keyring, { first, count });
  requireKeepable({ sheets });
  const deadline = seconds(party.clock) + 300;
  const commit = { handle, first, count, root, deadline };
  const placed = await submitRule(party, 'CommitEpochs', commit, { sheets });
  await confirmRule(party, { handle }, ({ patient }) => isCommitted(patient, commit));
  return { state: kept, placed };
}

/**
 * Returns a keyring with keys for all epochs up to one; an existing key is never replaced. If the channel has a release key,
 * each span that reaches past the present epoch has a secret of the patient's own.
 */
function prepared(party: Party, keyring: Keyring, epoch: number, last: number): Keyring {
  const keys: Record<string, Keyring['keys'][string]> = { ...keyring.keys };
  let covered = Math.max(0, ...spanEnds(keyring));
  while (covered < last) {
    covered = (Math.floor(covered / SPAN) + 1) * SPAN;
    keys[covered] = Object.fromEntries(CATEGORIES.map((category) => [category, newKey(party)]));
  }
  const grown = { ...keyring, keys, prepared: Math.max(preparedIn(keyring), last) };
  if (releaseKeyOf(party.network, party.log) !== undefined) {
    for (const end of spanEnds(grown)) {
      if (end <= epoch || holdsKey(grown, end, 'own')) continue;
      keys[end] = { ...keys[end], own: newKey(party) };
    }
  }
  return grown;
}

function newKey(party: Party): string {
  return ageIdentity(party.random(32));
}

/** Tells whether a commitment is the present one or the next one. */
function isCommitted(
  patient: PatientFacts | undefined,
  { first, count, root }: EpochsCommitted,
): boolean {
  return [patient, patient?.next].some(
    (held) => held?.first === first && held.count === count && held.root === root,
  );
}
