import { MedsealError } from '../../errors/MedsealError.ts';
import { fingerprintOf } from '../network/fingerprintOf.ts';
import { fileInForce, followSuccessors } from '../network/followSuccessors.ts';
import type { NetworkFile } from '../network/NetworkFile.ts';
import { parseNetworkFile } from '../network/parseNetworkFile.ts';
import type { SigningContext } from '../struct/signing.ts';
import type { SuccessorsFile } from '../network/Successor.ts';
import { successorOf } from '../network/successorOf.ts';
import type { DevicePin } from './DeviceKeys.ts';

/**
 * Returns the network file that is in force for a device: the one whose fingerprint is pinned, or what follows from it by
 * signatures. Files before the pinned one are only hashed: no others than the true ones lead to that fingerprint.
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
  const absent = new MedsealError('KEY_UNAUTHENTIC', { what: 'network file' });
  let file = told.first;
  if (file === undefined) throw absent;
  const successors = told.successors.values();
  for (;;) {
    const fingerprint = fingerprintOf(primitives, file);
    if (fingerprint === pinned) break;
    const { value: next } = successors.next();
    if (next?.predecessor !== fingerprint) throw absent;
    file = successorOf(primitives, file, next);
  }
  const later = { ...told, successors: [...successors] };
  return fileInForce(followSuccessors({ primitives }, parseNetworkFile(file), later), now);
}
