import { readDeviceFile } from '../device/deviceFolder.ts';
import type { Files } from '../folder/Files.ts';

/**
 * Examines the values that a device stores: those of a party, or of a member of the authority.
 *
 * @param files - The folder that the device is in.
 * @param altered - Told of each file that was altered.
 * @returns Names of its files; none if nothing was ever stored.
 */
export async function examineDevice(
  files: Files,
  altered: (file: string) => void,
): Promise<readonly string[]> {
  const stored = (await files.list('device')).filter((each) => each.endsWith('.json'));
  for (const file of stored) {
    const at = `device/${file}`;
    if ((await readDeviceFile(files, at).catch(() => undefined)) === undefined) altered(at);
  }
  return stored;
}
