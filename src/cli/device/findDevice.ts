import { MedsealError } from '../../errors/MedsealError.ts';
import type { Party } from '../../client/party/Party.ts';
import type { Address } from '../../protocol/ids.ts';
import { parseDeviceCode } from '../../protocol/sensors/deviceCode.ts';
import { shortCodeOf } from '../../protocol/sensors/shortCodeOf.ts';
import { calledAs } from '../program/calledAs.ts';

/**
 * Finds the address that somebody means by a device.
 *
 * @param party - For SHA-256.
 * @param named - The device's 12 letters, its code or its address.
 * @param known - Addresses of the devices whose letters may be meant.
 * @throws MedsealError `ARGUMENT_INVALID` if it is neither a code, nor the letters of one of these devices.
 */
export function findDevice(
  { primitives }: Pick<Party, 'primitives'>,
  named: string,
  known: readonly Address[],
): Address {
  const letters = lettersOf(named);
  if (letters.length !== 12) return parseDeviceCode(named).address;
  const found = known.find((each) => lettersOf(shortCodeOf(primitives, each)) === letters);
  if (found !== undefined) return found;
  const reason = `no such device was bound to your chart; "${calledAs('device list')}" lists them`;
  throw new MedsealError('ARGUMENT_INVALID', { argument: named, reason });
}

/** Letters of a short code, as people write it; the hyphens and capitals are for reading. */
function lettersOf(code: string): string {
  return code.replaceAll(/[\s-]/g, '').toUpperCase();
}
