import { hexToBytes } from '../../crypto/bytes.ts';
import type { Sha256 } from '../../crypto/merkle/Sha256.ts';
import type { Address } from '../ids.ts';
import { deviceIdOf } from './deviceIdOf.ts';

/** Letters that nobody mistakes for a digit: no I, no O. */
const LETTERS = 'ABCDEFGHJKLMNPQRSTUVWXYZ';

/**
 * Returns the code by which people tell that a device is the one in their hand: 12 letters in three groups, such as
 * `KQTC-MZAB-WHPD`. It is the first 8 bytes of the device id as a number, in base 24, lowest digit first, so that a device
 * with a small display can show it.
 *
 * @param primitives - For SHA-256.
 * @param device - Address of the device's key.
 * @example
 * ```ts
 * const { address } = parseDeviceCode(scanned);
 * console.log(`Does it show ${shortCodeOf(patient.primitives, address)}?`);
 * ```
 */
export function shortCodeOf(primitives: Sha256, device: Address): string {
  const id = hexToBytes(deviceIdOf(primitives, device));
  let rest = new DataView(id.buffer, id.byteOffset).getBigUint64(0);
  let code = '';
  for (let place = 0; place < 12; place++) {
    if (place > 0 && place % 4 === 0) code += '-';
    code += LETTERS.charAt(Number(rest % 24n));
    rest /= 24n;
  }
  return code;
}
