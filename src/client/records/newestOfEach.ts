import type { ChartRecord } from './viewChart.ts';

/**
 * Returns the newest version of each record, in the order in which they were added.
 *
 * @param records - Versions, as the chart lists them.
 * @example
 * ```ts
 * const { records } = await readChart(doctor, { handle, grant, purpose: 'TREAT' });
 * console.log(`${newestOfEach(records).length} records, in ${records.length} versions`);
 * ```
 */
export function newestOfEach(records: readonly ChartRecord[]): readonly ChartRecord[] {
  const byRecord = Map.groupBy(records, ({ record }) => record);
  return [...byRecord.values()].map(newest).filter((record) => record !== undefined);
}

function newest(versions: readonly ChartRecord[]): ChartRecord | undefined {
  return versions.toSorted((left, right) => right.version - left.version)[0];
}
