import { MedsealError } from '../../errors/MedsealError.ts';
import { BYTES32, OneOf } from '../findShapeError.ts';
import { logOf } from '../networkLookups.ts';
import { parseJsonOf } from '../parseJsonOf.ts';
import { parseNetworkFile } from '../parseNetworkFile.ts';
import { succeeds } from '../succeeds.ts';
import type { DevicePin } from './DeviceKeys.ts';

const PIN = {
  format: new OneOf('medseal-pin/1'),
  handle: BYTES32,
  log: 'text',
  network: 'any',
} as const;

/**
 * Parses a pin that a patient gives a device. Only the patient knows whether it is the right one.
 *
 * @param text - JSON; not trusted.
 * @param argument - Name of what gave it, for messages.
 * @throws MedsealError `ARGUMENT_INVALID`; `NETWORK_FILE_INVALID`.
 */
export function parseDevicePin(text: string, argument = 'pin'): DevicePin {
  const invalid = (): MedsealError => {
    const reason = 'must be a file that the portal or `medseal device bind --pin` saved';
    return new MedsealError('ARGUMENT_INVALID', { argument, reason });
  };
  const { network: value, ...pin } = parseJsonOf(PIN, text, invalid);
  const network = parseNetworkFile(value);
  if (!succeeds(() => logOf(network, pin.log) !== undefined)) throw invalid();
  return { ...pin, network };
}
