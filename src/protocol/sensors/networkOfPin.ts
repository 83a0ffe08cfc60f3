import { MedsealError } from '../../errors/MedsealError.ts';
import { fingerprintOf } from '../fingerprintOf.ts';
import { fileInForce, followSuccessors } from '../followSuccessors.ts';
import type { NetworkFile } from '../NetworkFile.ts';
import { parseNetworkFile } from '../parseNetworkFile.ts';
import type { SigningContext } from '../signing.ts';
import type { SuccessorsFile } from '../Successor.ts';
import type { DevicePin } from './DeviceKeys.ts';

/**
 * Returns the network file that is in force for a device: the one whose fingerprint is pinned, or what follows from it. Files
 * before it prove nothing, and need not: whoever made them up has no successor that leads to the pinned fingerprint and is
 * another file.
 *
 * @param context - Hashes and the curve.
 * @param pin - The pin.
 * @param told - The oldest network file that a node has, with its successors; not trusted.
 * @param now - Unix seconds.
 * @throws MedsealError `KEY_UNAUTHENTIC` if the pinned file is not among them; `NETWORK_FILE_INVALID`, `SUCCESSOR_INVALID`.
 */
export function networkOfPin(
  { primitives }: Pick<SigningContext, 'primitives'>,
  { network: pinned }: Pick<DevicePin, 'network'>,
  told: SuccessorsFile,
  now: number,
): NetworkFile {
  const files =
    told.first === undefined
      ? []
      : followSuccessors({ primitives }, parseNetworkFile(told.first), told);
  const place = files.findIndex((file) => fingerprintOf(primitives, file) === pinned);
  if (place < 0) throw new MedsealError('KEY_UNAUTHENTIC', { what: 'network file' });
  return fileInForce(files.slice(place), now);
}
