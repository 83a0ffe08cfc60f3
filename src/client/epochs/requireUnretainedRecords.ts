import { seconds } from '../../protocol/Clock.ts';
import { requireUnretained, retainedUntil } from '../../protocol/rights/retainedUntil.ts';
import type { Category } from '../../protocol/vocabulary.ts';
import type { Party } from '../party/Party.ts';
import type { ChartRecord } from '../records/viewChart.ts';

/**
 * Requires that the network's terms keep no record of a category on the patient's chart: nodes would refuse its erasure.
 *
 * @param party - The patient.
 * @param records - Record versions of the chart.
 * @param category - The category.
 * @throws MedsealError `RETENTION_ACTIVE`, with the first second at which the category may be erased.
 * @example
 * ```ts
 * const { records } = await readChart(patient, { handle, purpose: 'PATRQT' });
 * requireUnretainedRecords(patient, records, 'imaging');
 * ```
 */
export function requireUnretainedRecords(
  { network, address, clock }: Pick<Party, 'network' | 'address' | 'clock'>,
  records: readonly Pick<ChartRecord, 'author' | 'category' | 'at' | 'readings'>[],
  category: Category,
): void {
  requireUnretained(category, retainedUntil(network, address, category, records), seconds(clock));
}
