import type { ChartRecord } from '../../../../src/client/index.ts';
import type { ArrangedChart, ChartItem } from '../../fhir/ArrangedChart.ts';
import type { ChartState } from '../../session/ChartReader.ts';
import { titleKey } from '../../session/titleKey.ts';

/**
 * Finds records that hold nothing but results which the reports in another record of the same author name. They can be told with
 * the reports; a record that is labelled as sensitive, or another author's, stands by itself.
 *
 * @param state - The records of a chart that are open.
 * @param opened - The resources of each opened record, by its name.
 * @returns The names of such records by the name of the reports’ record; each has one at most.
 */
export function resultsOfReports(
  {
    arranged,
    recordOf,
  }: { readonly arranged: Pick<ArrangedChart, 'panels'> } & Pick<ChartState, 'recordOf'>,
  opened: ReadonlyMap<string, readonly ChartItem[]>,
): ReadonlyMap<string, readonly string[]> {
  const homes = new Map<ChartRecord, Set<unknown>>();
  for (const { report, results } of arranged.panels) {
    const home = report && recordOf.get(report.resource);
    if (home === undefined) continue;
    const named = homes.get(home) ?? new Set();
    homes.set(home, named);
    for (const { resource } of results) named.add(resource);
  }
  const told = new Set<ChartRecord>();
  const foldedInto = (home: ChartRecord, named: ReadonlySet<unknown>): readonly string[] => {
    const records = new Set([...named].flatMap((resource) => recordOf.get(resource) ?? []));
    const folded = [...records].filter((record) => {
      if (record === home || homes.has(record) || told.has(record)) return false;
      if (record.author !== home.author || record.category === 'sensitive') return false;
      return opened.get(titleKey(record))?.every(({ resource }) => named.has(resource)) ?? false;
    });
    for (const record of folded) told.add(record);
    return folded.map(titleKey);
  };
  return new Map([...homes].map(([home, named]) => [titleKey(home), foldedInto(home, named)]));
}
