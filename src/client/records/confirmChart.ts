import { MedsealError } from '../../errors/MedsealError.ts';
import type { Facts, FactsQuery, PatientFacts } from '../../protocol/evidence/facts.ts';
import { lastEpoch } from '../../protocol/rights/lastEpoch.ts';
import { confirmFacts } from '../audit/confirmFacts.ts';
import { preparedIn } from '../epochs/epochIdentity.ts';
import { isTurning } from '../epochs/isTurning.ts';
import type { Party } from '../party/Party.ts';
import type { PatientState } from '../state/PatientState.ts';

/** Facts about a patient's own chart that k coordinators confirm. */
export interface ChartFacts extends Facts {
  readonly patient: PatientFacts;
}

/**
 * Asks coordinators about the patient's own chart, for a device that is about to act on its state. If the ledger has
 * epochs that the device did not prepare, another device of the patient did, and this one must fetch its state first.
 *
 * @param party - The patient.
 * @param state - The patient's state on the device.
 * @param query - Further questions beside the chart.
 * @throws MedsealError `NOT_FOUND` if the ledger does not have the chart; `STATE_STALE`; `KEY_UNAUTHENTIC`.
 */
export async function confirmChart(
  party: Party,
  { handle, keyring }: Pick<PatientState, 'handle' | 'keyring'>,
  query: Pick<FactsQuery, 'grant' | 'grants'> = {},
): Promise<ChartFacts> {
  const { patient, ...facts } = await confirmFacts(party, { handle, ...query });
  if (patient === undefined) throw new MedsealError('NOT_FOUND', { what: 'patient' });
  const knowsAll = preparedIn(keyring) >= lastEpoch(patient) || isTurning(party, keyring, patient);
  if (!knowsAll) throw new MedsealError('STATE_STALE', {});
  return { ...facts, patient };
}
