import type { Primitives } from '../../crypto/Primitives.ts';
import { fingerprintOf } from './fingerprintOf.ts';
import type { Bytes32 } from '../ids.ts';
import type { NetworkFile } from './NetworkFile.ts';

/**
 * Returns the fingerprint of a network's first file, which each later one holds and which names the network for good.
 *
 * @param primitives - SHA-256.
 * @param network - Any of its files.
 */
export function firstFingerprint(
  primitives: Pick<Primitives, 'sha256'>,
  network: NetworkFile,
): Bytes32 {
  return network.before?.[0]?.fingerprint ?? fingerprintOf(primitives, network);
}
