import { MedsealError } from '../../errors/MedsealError.ts';
import { seconds } from '../../protocol/Clock.ts';
import {
  requireUnretained,
  retainedUntil,
  retentionOf,
} from '../../protocol/rights/retainedUntil.ts';
import type { Category } from '../../protocol/vocabulary.ts';
import type { Party } from '../party/Party.ts';
import { readWholeChart } from '../records/readWholeChart.ts';
import { readPatientState } from '../state/PatientState.ts';

/**
 * Requires that the network's terms keep no record of a category on the patient's chart: nodes would refuse its erasure once the keys are gone. Nothing is asked where the terms keep none.
 * Elsewhere the chart is read, which is a view, and k coordinators have to count what it lists.
 *
 * @param party - The patient.
 * @param category - The category.
 * @throws MedsealError `RETENTION_ACTIVE`, with the moment from which on the category may be erased; `ANSWER_DISPUTED` if the list may lack
 * something; `NOT_FOUND` on a device of someone who is not a patient; what `readWholeChart` throws.
 * @example
 * ```ts
 * await requireRetainsNone(patient, 'imaging');
 * await eraseKeys(patient, 'imaging');
 * ```
 */
export async function requireRetainsNone(party: Party, category: Category): Promise<void> {
  if (retentionOf(party.network) === 0) return;
  const { handle } = await readPatientState(party);
  const wanted = { handle, purpose: 'PATRQT', part: 'records' } as const;
  const { chart, count } = await readWholeChart(party, wanted);
  const until = retainedUntil(party.network, party.address, category, chart.records);
  requireUnretained(category, until, seconds(party.clock));
  if (chart.behind.length > 0 || !count.complete) throw new MedsealError('ANSWER_DISPUTED', {});
}
