import { MedsealError } from '../../errors/MedsealError.ts';
import { BYTES32, OneOf } from '../wire/findShapeError.ts';
import { parseJsonOf } from '../wire/parseJsonOf.ts';
import type { DevicePin } from './DeviceKeys.ts';

const PIN = {
  format: new OneOf('medseal-pin/2'),
  handle: BYTES32,
  log: 'text',
  network: BYTES32,
} as const;

/**
 * Parses a pin that a patient gives a device. Only the patient knows whether it is the right one.
 *
 * @param text - JSON; not trusted.
 * @param argument - Name of what gave it, for messages.
 * @throws MedsealError `ARGUMENT_INVALID`.
 */
export function parseDevicePin(text: string, argument = 'pin'): DevicePin {
  return parseJsonOf(PIN, text, () => {
    const reason =
      'must be a file that the portal, `medseal device list --pin` or `medseal device bind --pin` of this version saved';
    return new MedsealError('ARGUMENT_INVALID', { argument, reason });
  });
}
