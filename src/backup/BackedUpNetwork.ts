import { BYTES32 } from '../protocol/wire/findShapeError.ts';
import { fingerprintOf } from '../protocol/network/fingerprintOf.ts';
import type { NetworkFile } from '../protocol/network/NetworkFile.ts';
import { numberOf } from '../protocol/wire/numberOf.ts';
import type { Of } from '../protocol/struct/Of.ts';
import type { SigningContext } from '../protocol/struct/signing.ts';

/** Shape of the newest network file that a folder or a backup knows, as it is told to operators. */
export const BACKED_UP_NETWORK = {
  /** 0 for the network's first file, 1 for its first successor. */
  number: 'count',
  fingerprint: BYTES32,
} as const;

/** The newest network file that a folder or a backup knows. */
export type BackedUpNetwork = Of<typeof BACKED_UP_NETWORK>;

/**
 * Names a network file by its number and fingerprint.
 *
 * @param context - Hashes.
 * @param network - The network file.
 */
export function backedUpNetworkOf(
  { primitives }: Pick<SigningContext, 'primitives'>,
  network: NetworkFile,
): BackedUpNetwork {
  return {
    number: numberOf(network),
    fingerprint: fingerprintOf(primitives, network),
  };
}
