import { isMedsealError } from '../../errors/isMedsealError.ts';
import type { Category } from '../../protocol/vocabulary.ts';
import type { Party } from '../party/Party.ts';
import { confirmChart } from '../records/confirmChart.ts';
import { confirmListed } from '../records/confirmListed.ts';
import { readChart, type Chart } from '../records/readChart.ts';
import type { ChartRecord } from '../records/viewChart.ts';
import { readPatientState } from '../state/PatientState.ts';
import { predatesSensitive } from './epochIdentity.ts';
import { requireRetainsNone } from './requireRetainsNone.ts';

/**
 * Tells whether `eraseKeys` would do anything for a category. It spends some fifteen epochs, whatever is on the chart; so ask
 * first if somebody may have named a category without records. The patient's own chart is read for it, which is a view.
 *
 * @param party - The patient.
 * @param category - The category.
 * @returns False if the chart has no record of the category whose keys are there, k coordinators count exactly what it lists,
 * and no erasure is under way; true otherwise.
 * @throws MedsealError `NOT_FOUND` on a device of someone who is not a patient; `RETENTION_ACTIVE` while the network's terms keep
 * a record of it; what `readChart` throws.
 * @example
 * ```ts
 * if (await hasErasable(patient, 'billing')) await eraseKeys(patient, 'billing');
 * else console.log('There is nothing to erase.');
 * ```
 */
export async function hasErasable(party: Party, category: Category): Promise<boolean> {
  const { handle } = await readPatientState(party);
  await requireRetainsNone(party, category);
  const chart = await readChart(party, { handle, purpose: 'PATRQT' });
  if (chart.records.some((each) => isErasable(chart, each, category))) return true;
  if (chart.behind.length > 0 || !(await confirmListed(party, chart)).complete) return true;
  // Afterwards: the chart brought what other devices of the patient did.
  const state = await readPatientState(party);
  if (state.erasing?.[category] !== undefined) return true;
  if (category !== 'sensitive') return false;
  // To erase it gives an older chart its first keys for it.
  const { patient } = await confirmChart(party, state);
  return predatesSensitive(state.keyring, patient.epoch);
}

function isErasable(chart: Chart, record: ChartRecord, category: Category): boolean {
  if (record.category !== category) return false;
  try {
    chart.identityFor(record.epoch, category);
    return true;
  } catch (error) {
    return !isMedsealError(error, 'RECORD_ERASED');
  }
}
