import type { AuditOptions } from '../audit/examineListed.ts';
import type { Party } from '../party/Party.ts';
import { confirmListed, type ListCount } from './confirmListed.ts';
import { readChart, type Chart } from './readChart.ts';
import type { ChartWanted } from './viewChart.ts';

/** Number of times that a chart is read until it is what coordinators count. */
const READS = 3;

/**
 * Reads a chart and confirms its list. If coordinators count otherwise, something may have come in between: the chart is
 * read again, twice at most, each time with an entry of its own. A difference that stays is the node's fault.
 *
 * @param party - The reader.
 * @param wanted - Chart, and right to rely on.
 * @param options - See `AuditOptions`.
 * @param options.onChart - Called with each chart before its list is confirmed.
 * @throws MedsealError what `readChart` throws, such as `RIGHT_MISSING`, `RIGHT_ENDED`, `EVIDENCE_INVALID`.
 * @example
 * ```ts
 * const { chart, count } = await readWholeChart(doctor, { handle, grant, purpose: 'TREAT' });
 * console.log(chart.records.length, count.complete, count.faults);
 * ```
 */
export async function readWholeChart(
  party: Party,
  wanted: ChartWanted,
  options: AuditOptions & { readonly onChart?: (chart: Chart) => void } = {},
): Promise<{ readonly chart: Chart; readonly count: ListCount }> {
  for (let reads = 1; ; reads++) {
    const chart = await readChart(party, wanted);
    options.onChart?.(chart);
    const count = await confirmListed(party, chart, options);
    if (count.faults.length === 0 || reads === READS) return { chart, count };
  }
}
