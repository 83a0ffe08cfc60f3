import { hexToBytes } from '../crypto/bytes.ts';
import { deriveEpochIdentity } from '../crypto/keys/deriveEpochIdentity.ts';
import { MedsealError } from '../errors/MedsealError.ts';
import type { Keyring } from '../protocol/epochs.ts';
import type { Category } from '../protocol/vocabulary.ts';

/**
 * A patient's identity for one epoch and category.
 *
 * @param seed - The patient's seed.
 * @param keyring - The patient's salts.
 * @param epoch - The epoch.
 * @param category - The category.
 * @throws MedsealError `KEY_PENDING` where the keyring has no salt for it.
 */
export function epochIdentity(
  seed: Uint8Array,
  keyring: Keyring,
  epoch: number,
  category: Category,
): string {
  const salt = keyring.salts[epoch]?.[category];
  if (salt === undefined) throw new MedsealError('KEY_PENDING', {});
  return deriveEpochIdentity(seed, {
    handle: keyring.handle,
    category,
    epoch,
    salt: hexToBytes(salt),
  });
}
