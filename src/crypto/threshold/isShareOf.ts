import { BASE_G2, type AsyncPairing, type PairingPort } from './PairingPort.ts';
import { randomScalar } from './scalars.ts';
import type { Random } from '../Random.ts';

/**
 * Tells whether bytes are a member's share of the key of an identity.
 *
 * @param pairing - Arithmetic.
 * @param share - The share; not trusted.
 * @param identity - The identity.
 * @param memberKey - Public key of the member's share of the master secret, 96 bytes.
 */
export async function isShareOf(
  pairing: AsyncPairing,
  share: Uint8Array,
  identity: Uint8Array,
  memberKey: Uint8Array,
): Promise<boolean> {
  try {
    const hashed = await pairing.hashToG1(identity);
    return await pairing.pairEqual([share, BASE_G2], [hashed, memberKey]);
  } catch {
    return false;
  }
}

/**
 * Tells whether all of a member's shares are its own, at the cost of little more than one: a false one stays unnoticed
 * with a probability of 2^-128.
 *
 * @param pairing - Arithmetic.
 * @param shares - Shares, each with its identity; not trusted.
 * @param memberKey - As for `isShareOf`.
 * @param random - Source of random bytes that the member cannot guess.
 */
export function areSharesOf(
  pairing: PairingPort,
  shares: readonly { readonly share: Uint8Array; readonly identity: Uint8Array }[],
  memberKey: Uint8Array,
  random: Random,
): boolean {
  try {
    const terms = shares.map((one) => ({ ...one, scalar: randomScalar(random) }));
    const [sum, expected] = [
      pairing.sumG1(terms.map(({ share, scalar }) => ({ point: share, scalar }))),
      pairing.sumG1(
        terms.map(({ identity, scalar }) => ({ point: pairing.hashToG1(identity), scalar })),
      ),
    ];
    return pairing.pairEqual([sum, BASE_G2], [expected, memberKey]);
  } catch {
    return false;
  }
}
