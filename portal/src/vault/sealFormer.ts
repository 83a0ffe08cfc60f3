import type { Address } from '../../../src/protocol/ids.ts';
import { sealSeed } from './sealedSeed.ts';

/**
 * Seals seeds of former keys with the seed of the present one.
 *
 * @param address - The party's address.
 * @param seed - The present seed.
 * @param formerSeeds - Former ones.
 */
export async function sealFormer(
  address: Address,
  seed: Uint8Array,
  formerSeeds: readonly Uint8Array[],
): Promise<readonly Uint8Array[]> {
  return await Promise.all(
    formerSeeds.map(async (each) => await sealSeed(Uint8Array.from(seed), address, each, 'former')),
  );
}
