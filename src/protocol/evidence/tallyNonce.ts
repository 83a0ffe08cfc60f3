import { bytesToHex, concatBytes, hexToBytes } from '../../crypto/bytes.ts';
import type { Primitives } from '../../crypto/Primitives.ts';
import type { Bytes32 } from '../ids.ts';

/**
 * Returns the nonce that binds a tally to the request that it answers, and to the tree that was counted in.
 *
 * @param primitives - SHA-256.
 * @param request - EIP-712 digest of the patient's request, which has a fresh salt.
 * @param root - The log's root at the size that is counted to.
 */
export function tallyNonce(
  primitives: Pick<Primitives, 'sha256'>,
  request: Bytes32,
  root: Bytes32,
): Bytes32 {
  return bytesToHex(primitives.sha256(concatBytes(hexToBytes(request), hexToBytes(root))));
}
