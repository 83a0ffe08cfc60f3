import { fieldOf, listOf } from '../../../src/fhir/fieldOf.ts';
import type { ChartItem, Panel } from './ArrangedChart.ts';
import type { Resolve } from '../../../src/fhir/Resolve.ts';

/**
 * Groups results by the report that names them.
 *
 * @param reports - Diagnostic reports, newest first.
 * @param observations - Observations, newest first.
 * @param resolve - Finds what references name.
 * @returns The reports in their order; results that no report names come last.
 */
export function panelsOf(
  reports: readonly ChartItem[],
  observations: readonly ChartItem[],
  resolve: Resolve,
): readonly Panel[] {
  const items = new Map(observations.map((item) => [item.resource, item]));
  const left = new Set(observations);
  const panels = reports.map((report): Panel => {
    const named = listOf(fieldOf(report.resource, 'result'))
      .slice(0, 500)
      .map((each) => fieldOf(each, 'reference'))
      .filter((each) => typeof each === 'string')
      .map((reference) => items.get(resolve(report.resource, reference)))
      .filter((item) => item !== undefined);
    const results = [...new Set(named)];
    for (const item of results) left.delete(item);
    return { report, results };
  });
  return left.size === 0 ? panels : [...panels, { results: [...left] }];
}
