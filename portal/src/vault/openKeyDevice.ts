import { webPorts } from '../../../src/client/index.ts';
import { addressOfSeed } from '../../../src/crypto/keys/addressOfSeed.ts';
import { deviceKey } from './deviceKey.ts';
import { openShelf, type Shelf } from './openShelf.ts';
import { sealedDevice } from './sealedDevice.ts';

/** A device of a key: its values in this browser, sealed with a key that the seed gives. */
export interface KeyDevice {
  readonly shelf: Shelf;
  readonly device: ReturnType<typeof sealedDevice>;
}

/**
 * Opens what this browser keeps for a key.
 *
 * @param seed - Seed of the key, 32 bytes.
 */
export async function openKeyDevice(seed: Uint8Array): Promise<KeyDevice> {
  const shelf = await openShelf(addressOfSeed(webPorts.primitives, seed));
  return { shelf, device: sealedDevice(shelf, await deviceKey(seed)) };
}
