import type { ChartRecord } from '../records/viewChart.ts';
import { forgetKept } from './keptIndex.ts';
import type { KeptHolder } from './readKept.ts';

/**
 * Deletes a record version that a device keeps, before its time is over. Nothing happens if it keeps none. The evidence of its view
 * still says until when the device might have opened it.
 *
 * @param holder - The device.
 * @param version - The version, by its sealed file.
 * @throws MedsealError `FOLDER_UNWRITABLE` if the device cannot delete it.
 * @example
 * ```ts
 * for (const kept of await listKept(doctor)) {
 *   if (kept.handle === handle) await removeKept(doctor, kept.version);
 * }
 * ```
 */
export async function removeKept(
  holder: Pick<KeptHolder, 'clock' | 'device'>,
  version: Pick<ChartRecord, 'file'>,
): Promise<void> {
  await forgetKept(holder, ({ file }) => file === version.file);
}
