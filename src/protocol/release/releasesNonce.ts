import { bytesToHex, utf8ToBytes } from '../../crypto/bytes.ts';
import type { Primitives } from '../../crypto/Primitives.ts';
import type { Bytes32 } from '../ids.ts';
import { tallyNonce } from '../evidence/tallyNonce.ts';

/**
 * Returns the nonce of a tally that counts releases in place of entries of a log: it binds the audit and the moment that is
 * counted from, and is that of no tree.
 *
 * @param primitives - SHA-256.
 * @param audit - EIP-712 digest of the patient's request, which has a fresh salt.
 * @param since - The moment, Unix seconds.
 */
export function releasesNonce(
  primitives: Pick<Primitives, 'sha256'>,
  audit: Bytes32,
  since: number,
): Bytes32 {
  const counted = primitives.sha256(utf8ToBytes(`medseal/releases/1 ${since}`));
  return tallyNonce(primitives, audit, bytesToHex(counted));
}
