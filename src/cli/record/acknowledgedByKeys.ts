import { recallAcknowledged } from '../../client/state/acknowledgedHere.ts';
import { openDeviceFolder } from '../../device/deviceFolder.ts';
import type { LogPlace } from '../../protocol/AgentPort.ts';
import type { LogName } from '../../protocol/ids.ts';
import type { Visitor } from '../home/openVisitor.ts';

/**
 * The newest entry of each log that any key of a device was acknowledged lately: who adds with one key may read with
 * another one, at another organisation.
 *
 * @param visitor - The device, and its keys.
 */
export async function acknowledgedByKeys({
  home,
  keys,
  party,
}: Pick<Visitor, 'home' | 'keys' | 'party'>): Promise<readonly LogPlace[]> {
  const newest = new Map<LogName, LogPlace>();
  for (const { name } of keys) {
    const device = await openDeviceFolder(`${home.keystore}/${name}`);
    for (const place of await recallAcknowledged({ ...party, device })) {
      if ((newest.get(place.log)?.index ?? -1) < place.index) newest.set(place.log, place);
    }
  }
  return [...newest.values()];
}
