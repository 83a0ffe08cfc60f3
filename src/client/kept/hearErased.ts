import type { ChartRecord } from '../records/viewChart.ts';
import type { Party } from '../party/Party.ts';
import { hearEnd } from './hearEnd.ts';
import { keptPlaces } from './keptIndex.ts';

/**
 * Has a device delete what it keeps of records that a chart shows as erased.
 *
 * @param party - The device.
 * @param records - Records of the chart.
 * @param keys - Its keys.
 */
export async function hearErased(
  party: Pick<Party, 'device' | 'clock'>,
  records: readonly ChartRecord[],
  { openerFor }: { readonly openerFor: (record: ChartRecord) => unknown },
): Promise<void> {
  // The chart can be read, even if the device’s list of what it keeps cannot.
  const places = await keptPlaces(party).catch(() => []);
  const kept = new Set(places.map(({ file }) => file));
  for (const record of records.filter(({ file }) => kept.has(file))) {
    try {
      openerFor(record);
    } catch (error) {
      await hearEnd(party, record, error);
    }
  }
}
