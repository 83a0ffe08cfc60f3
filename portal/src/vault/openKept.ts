import type { KeptKey } from './keptKeys.ts';
import { requireKeyOf } from './requireKeyOf.ts';
import { openSeed } from './sealedSeed.ts';

/** The seeds of a kept key. */
export interface OpenedKey {
  readonly seed: Uint8Array;
  /** Seeds of former keys. */
  readonly formerSeeds: readonly Uint8Array[];
}

/**
 * Checks what a chest gave: a chest is not sealed, so whoever writes to it could put another key behind a name.
 *
 * @param kept - The key as it is kept.
 * @param seed - The seed that it opened to.
 * @returns The seed, with those of former keys.
 * @throws MedsealError `SEAL_UNREADABLE` if the seed is another key's, or a former one was altered.
 */
export async function openKept(
  { address, signer = address, former = [] }: KeptKey,
  seed: Uint8Array,
): Promise<OpenedKey> {
  requireKeyOf(signer, seed);
  const formerSeeds = await Promise.all(
    former.map(async (each) => await openSeed(Uint8Array.from(seed), address, each, 'former')),
  );
  return { seed, formerSeeds };
}
