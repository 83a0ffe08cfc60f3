import { addressOf } from '../addressOf.ts';
import type { Primitives } from '../Primitives.ts';
import { deriveParty } from './deriveParty.ts';

/**
 * Returns the address of the party that a seed makes.
 *
 * @param primitives - Hashes and the curve.
 * @param seed - 32 bytes.
 * @throws MedsealError `SEED_MALFORMED` if the seed is of another length.
 */
export function addressOfSeed(
  primitives: Pick<Primitives, 'keccak256' | 'publicKey'>,
  seed: Uint8Array,
): `0x${string}` {
  return addressOf(primitives, primitives.publicKey(deriveParty(seed).signingKey));
}
