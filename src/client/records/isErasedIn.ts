import { isMedsealError } from '../../errors/isMedsealError.ts';
import type { Chart } from './readChart.ts';
import type { ChartRecord } from './viewChart.ts';

/**
 * Tells whether a chart's own evidence shows that a record version was erased. That a node refuses to give it with `RECORD_ERASED`
 * shows nothing: nobody signs a refusal.
 *
 * @param chart - The chart.
 * @param record - A record version of it.
 * @example
 * ```ts
 * const erased = chart.records.filter((version) => isErasedIn(chart, version));
 * console.log(`${erased.length} record versions are erased`);
 * ```
 */
export function isErasedIn(chart: Pick<Chart, 'openerFor'>, record: ChartRecord): boolean {
  try {
    chart.openerFor(record);
    return false;
  } catch (error) {
    return isMedsealError(error, 'RECORD_ERASED');
  }
}
