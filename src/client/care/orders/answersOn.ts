import type { Chart } from '../../records/readChart.ts';
import { mayAnswer } from './reportsOfOrders.ts';

/**
 * Counts the versions of a chart that can be reports or results: it only grows, so another number says that there is something new.
 *
 * @param chart - The chart.
 */
export function answersOn({ records }: Pick<Chart, 'records'>): number {
  return records.filter(mayAnswer).length;
}
