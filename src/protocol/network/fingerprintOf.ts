import type { Primitives } from '../../crypto/Primitives.ts';
import { canonicalHash } from '../wire/canonicalHash.ts';
import type { Bytes32 } from '../ids.ts';
import type { NetworkFile } from './NetworkFile.ts';

/**
 * Returns the fingerprint that people compare to know that they pinned the same network file: SHA-256 of its canonical
 * JSON, so that its formatting does not matter.
 *
 * @param primitives - SHA-256.
 * @param network - The network file.
 */
export function fingerprintOf(
  primitives: Pick<Primitives, 'sha256'>,
  network: NetworkFile,
): Bytes32 {
  return canonicalHash(primitives, network);
}
