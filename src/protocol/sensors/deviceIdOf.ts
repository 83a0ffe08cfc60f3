import { bytesToHex, concatBytes, hexToBytes, utf8ToBytes } from '../../crypto/bytes.ts';
import type { Sha256 } from '../../crypto/merkle/Sha256.ts';
import type { Address, RecordId } from '../ids.ts';

const LABEL = utf8ToBytes('medseal/device/1');

/**
 * Returns the id that a right names as its one record if it is the right of a device: SHA-256 over the label
 * `medseal/device/1` and the 20 bytes of the device's address. A right to it lets a gateway carry what that device signed,
 * and nothing else.
 *
 * @param primitives - For SHA-256.
 * @param device - Address of the device's key.
 */
export function deviceIdOf(primitives: Sha256, device: Address): RecordId {
  return bytesToHex(primitives.sha256(concatBytes(LABEL, hexToBytes(device))));
}
