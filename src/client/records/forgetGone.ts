import { erasesVersion } from '../../protocol/rights/erasesVersion.ts';
import type { Handle } from '../../protocol/ids.ts';
import type { Erase } from '../../protocol/struct/requests.ts';
import type { Party } from '../party/Party.ts';
import { forgetAdded } from './addedOnce.ts';
import { isWithdrawn } from './isWithdrawn.ts';
import { newestOfEach } from './newestOfEach.ts';
import type { ChartRecord } from './viewChart.ts';

/**
 * Has a device forget that it added what a chart shows as withdrawn or erased, whichever device did that: otherwise the same
 * content would be answered as there already, and could not be added again.
 *
 * @param party - The device.
 * @param handle - The chart.
 * @param records - Records of the chart.
 * @param erasures - The patient's erasures of them.
 */
export async function forgetGone(
  party: Party,
  handle: Handle,
  records: readonly ChartRecord[],
  erasures: readonly Erase[],
): Promise<void> {
  for (const version of newestOfEach(records)) {
    const isErased = erasures.some((erase) => erasesVersion(erase, { ...version, handle }));
    if (isErased || (await isWithdrawn(party, version))) await forgetAdded(party, version.record);
  }
}
