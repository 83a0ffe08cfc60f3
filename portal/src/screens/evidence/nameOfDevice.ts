import type { AuditEvent } from '../../../../src/client/index.ts';
import { deviceOfReadings } from '../../../../src/protocol/sensors/deviceOfReadings.ts';
import type { DeviceNames } from '../../session/useDeviceNames.ts';

/**
 * Returns the patient's name for the device of a group of evidence. The group is of one right, which names one device: one of
 * its batches that nodes accepted tells which. A refused batch may have been signed by any other device.
 *
 * @param context - SHA-256 and the curve.
 * @param events - Events of the group.
 * @param names - Names that the patient gave.
 * @returns Undefined if the patient gave no name, or no batch was accepted.
 */
export function nameOfDevice(
  context: Parameters<typeof deviceOfReadings>[0],
  events: readonly Pick<AuditEvent, 'body'>[],
  names: DeviceNames,
): string | undefined {
  if (Object.keys(names).length === 0) return undefined;
  const accepted = events.find(({ body }) => body?.flag === 'A' && body.readings !== undefined);
  const readings = accepted?.body?.readings;
  return readings && names[deviceOfReadings(context, readings)];
}
