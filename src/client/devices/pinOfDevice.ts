import { fingerprintOf } from '../../protocol/network/fingerprintOf.ts';
import type { Handle } from '../../protocol/ids.ts';
import type { DevicePin } from '../../protocol/sensors/DeviceKeys.ts';
import type { Party } from '../party/Party.ts';

/**
 * Returns what a device that seals its readings must be given by its patient, and not by a gateway: the chart, and the
 * network whose coordinators tell the chart's keys. It is not secret, but a device that is given another's seals to that
 * other one.
 *
 * @param party - The patient.
 * @param handle - The patient's chart, such as the right that binds the device names it.
 * @example
 * ```ts
 * for (const { grant } of await listDevices(patient)) {
 *   console.log(JSON.stringify(pinOfDevice(patient, grant.handle)));
 * }
 * ```
 */
export function pinOfDevice({ primitives, network, log }: Party, handle: Handle): DevicePin {
  return { format: 'medseal-pin/2', handle, log, network: fingerprintOf(primitives, network) };
}
