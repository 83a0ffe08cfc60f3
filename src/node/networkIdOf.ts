import { bytesToHex, utf8ToBytes } from '../crypto/bytes.ts';
import type { Primitives } from '../crypto/Primitives.ts';
import { canonicalJson } from '../protocol/canonicalJson.ts';
import type { Bytes32 } from '../protocol/ids.ts';
import type { Founding } from './Founding.ts';
import type { IdentityFile } from './identityFiles.ts';

/**
 * The id of a network that is founded by files: a hash of what every organisation gave. Each made new keys for it, so no
 * founder can give a network the id of another one, where signatures of this one would hold too.
 *
 * @param primitives - SHA-256.
 * @param founding - Chain id, and time of block 0.
 * @param identities - The identity files, the founder's first.
 */
export function networkIdOf(
  primitives: Pick<Primitives, 'sha256'>,
  { chainId, timestamp }: Pick<Founding, 'chainId' | 'timestamp'>,
  identities: readonly IdentityFile[],
): Bytes32 {
  const given = { format: 'medseal-founding/1', chainId, timestamp, identities };
  return bytesToHex(primitives.sha256(utf8ToBytes(canonicalJson(given))));
}
