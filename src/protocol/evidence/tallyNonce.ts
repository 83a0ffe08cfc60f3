import { bytesToHex, concatBytes, hexToBytes, utf8ToBytes } from '../../crypto/bytes.ts';
import type { Primitives } from '../../crypto/Primitives.ts';
import type { Bytes32 } from '../ids.ts';
import type { ListedPart } from './chartPart.ts';

/**
 * Returns the nonce that binds a tally to the request that it answers, to the tree that was counted in, and to the part of a
 * chart that was counted.
 *
 * @param primitives - SHA-256.
 * @param request - EIP-712 digest of the patient's request, which has a fresh salt.
 * @param root - The log's root at the size that is counted to.
 * @param part - The part of the chart; all that the request lists if absent.
 */
export function tallyNonce(
  primitives: Pick<Primitives, 'sha256'>,
  request: Bytes32,
  root: Bytes32,
  part?: ListedPart,
): Bytes32 {
  const bound = concatBytes(hexToBytes(request), hexToBytes(root));
  if (part === undefined) return bytesToHex(primitives.sha256(bound));
  const named = typeof part === 'string' ? part : `readings ${part.from} ${part.until ?? ''}`;
  return bytesToHex(primitives.sha256(concatBytes(bound, utf8ToBytes(`medseal/part/1 ${named}`))));
}
