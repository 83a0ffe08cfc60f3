import { pinOfDevice } from '../../client/devices/pinOfDevice.ts';
import type { Party } from '../../client/party/Party.ts';
import type { Handle } from '../../protocol/ids.ts';
import { writeFileWhole } from '../program/writeFileWhole.ts';

/**
 * Saves what a device that seals its readings needs from its patient.
 *
 * @param party - The patient.
 * @param handle - The chart that the device is bound to.
 * @param file - Path of the file, as `--pin` names it.
 * @returns A line that says what to do with it.
 * @throws MedsealError `ARGUMENT_INVALID` if it cannot be written.
 */
export async function savePin(party: Party, handle: Handle, file: string): Promise<string> {
  await writeFileWhole(file, `${JSON.stringify(pinOfDevice(party, handle))}\n`, '--pin');
  return `Saved in ${file}: give it to the device yourself, so that it seals its readings to you.`;
}
