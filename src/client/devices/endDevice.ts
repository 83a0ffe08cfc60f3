import type { Address } from '../../protocol/ids.ts';
import { deviceIdOf } from '../../protocol/sensors/deviceIdOf.ts';
import { isDeviceRight } from '../../protocol/sensors/isDeviceRight.ts';
import type { Party } from '../party/Party.ts';
import { listGrants } from '../rights/listGrants.ts';
import { endRight, type RightStopped } from '../rights/endRight.ts';

/**
 * Unbinds a device, such as one that was lost or sold: ends every right that names it, whichever gateway has it. From
 * then on its readings are refused, those that it measured before too.
 *
 * @param party - The patient.
 * @param device - Address of the device.
 * @returns For each right its end; empty if none stands.
 * @throws MedsealError `NOT_FOUND` on a device of someone who is not a patient; as `endRight` does.
 * @example
 * ```ts
 * const [{ device } = {}] = await listDevices(patient);
 * if (device !== undefined) await endDevice(patient, device.address);
 * ```
 */
export async function endDevice(party: Party, device: Address): Promise<readonly RightStopped[]> {
  const record = deviceIdOf(party.primitives, device);
  const ended: RightStopped[] = [];
  for (const { digest, grant } of await listGrants(party)) {
    if (grant === undefined || !isDeviceRight(grant.terms)) continue;
    if (grant.terms.record === record) ended.push(await endRight(party, digest));
  }
  return ended;
}
