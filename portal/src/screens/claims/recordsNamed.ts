import type { ChartRecord, ClaimPrepared } from '../../../../src/client/index.ts';
import { MedsealError } from '../../../../src/errors/MedsealError.ts';

/**
 * Returns the records of the chart that a claim's file names: each must be there, and of the kind that the file says.
 *
 * @param prepared - From a file, not trusted.
 * @param chart - Records of the chart.
 * @throws MedsealError `NOT_FOUND` for a record that is not there.
 */
export function recordsNamed(
  { records }: ClaimPrepared,
  chart: readonly ChartRecord[],
): readonly ChartRecord[] {
  return records.map(({ record, category }) => {
    const found = chart.findLast((each) => each.record === record && each.category === category);
    if (found === undefined) throw new MedsealError('NOT_FOUND', { what: 'record' });
    return found;
  });
}
