import { webPorts } from '../../../src/client/index.ts';
import { addressOfSeed } from '../../../src/crypto/keys/addressOfSeed.ts';
import { MedsealError } from '../../../src/errors/MedsealError.ts';
import type { Address } from '../../../src/protocol/ids.ts';

/**
 * Requires that a seed is that of a key.
 *
 * @param signer - Address of the key.
 * @param seed - The seed.
 * @throws MedsealError `SEAL_UNREADABLE` if it is another key's, such as one that was overwritten.
 */
export function requireKeyOf(signer: Address, seed: Uint8Array): void {
  if (addressOfSeed(webPorts.primitives, seed) !== signer) {
    throw new MedsealError('SEAL_UNREADABLE', {});
  }
}
