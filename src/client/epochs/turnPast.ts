import { seconds } from '../../protocol/Clock.ts';
import type { PatientFacts } from '../../protocol/evidence/facts.ts';
import type { Category } from '../../protocol/vocabulary.ts';
import type { Party } from '../party/Party.ts';
import { confirmChart } from '../records/confirmChart.ts';
import { giveRight } from '../rights/grantRight.ts';
import { revokeRight } from '../rights/revokeRight.ts';
import { keepPatientState } from '../state/keepPatientState.ts';
import { withPatientState } from '../state/withPatientState.ts';
import { commitMore } from './commitEpochs.ts';
import { preparedIn } from './epochIdentity.ts';
import { sealPackets } from './sealPackets.ts';

/** Smallest number of epochs of the new span to commit to: one to turn to, and some for the next ends of rights. */
const EPOCHS = 4;

/** The category that a turn is for. */
export interface TurnFor {
  readonly category: Category;
  /** True if the category's keys up to the epoch are erased afterwards. */
  readonly erases: boolean;
}

/**
 * Turns the keys towards the first epoch after one, and enters it under a commitment that has no epoch up to that one:
 * a device compares its state with all of a commitment, and an erased key leaves nothing to compare. It takes several
 * calls to get there, and each is safe to repeat.
 *
 * With that commitment the patient's devices learn which keys are erased, so that none of them seals these in a later
 * epoch. A device that has not learned it does not know the last epoch of the commitment, and seals nothing.
 *
 * @param party - The patient.
 * @param present - The present epoch.
 * @param at - The epoch to get past.
 * @param options - The category, and whether its keys are erased.
 */
export async function turnPast(
  party: Party,
  { epoch }: Pick<PatientFacts, 'epoch'>,
  at: number,
  { category, erases }: TurnFor,
): Promise<void> {
  if (epoch < at) return await endRight(party, epoch, at - 1, category);
  await withPatientState(party, async (state) => {
    const { patient: now } = await confirmChart(party, state);
    const told = erases ? { ...state, erasing: { ...state.erasing, [category]: at } } : state;
    const ahead = preparedIn(state.keyring) + 1 - now.epoch;
    await commitMore(party, told, now.epoch, Math.max(EPOCHS, ahead));
  });
  await endRight(party, epoch, epoch, category);
}

/**
 * Ends a right, because only that turns the keys: one that the patient gave to nobody else. If its keys reach further
 * than the present epoch, coordinators go on to the first one that they do not reach.
 */
async function endRight(
  party: Party,
  epoch: number,
  reach: number,
  category: Category,
): Promise<void> {
  const { digest } = await giveRight(party, {
    grantee: party.address,
    categories: [category],
    actions: [reach > epoch ? 'read' : 'add'],
    purpose: 'PATRQT',
    until: seconds(party.clock) + 600,
  });
  if (reach > epoch) {
    await withPatientState(party, async (state) => {
      const given = state.grants.filter((known) => known.digest === digest);
      const planned = given.map((known) => ({ known, epochs: [reach] }));
      const sealed = await sealPackets(party, state, planned);
      await keepPatientState(party, sealed.state, sealed.packets);
    });
  }
  await revokeRight(party, digest);
}
