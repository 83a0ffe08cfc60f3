import type { DeviceNamed } from '../../protocol/sensors/deviceCode.ts';

/**
 * Describes a device in plain words: its model and serial number, as its code tells, and its address.
 *
 * @param device - The device.
 */
export function describeDevice({ address, model, serial }: DeviceNamed): string {
  const number = serial === undefined ? [] : [`serial number ${serial}`];
  const told = [model ?? 'a device', ...number].join(', ');
  return `${told} (${address})`;
}
