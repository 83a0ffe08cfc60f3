import type { Primitives } from '../../crypto/Primitives.ts';
import { ZERO32, type Bytes32 } from '../ids.ts';
import { listRoot } from '../wire/listRoot.ts';
import type { ShareRelease } from '../struct/requests.ts';

/**
 * Returns the statement that a coordinator signs with its note of a release: of one entry alone, and of no shares.
 *
 * @param primitives - SHA-256.
 * @param entry - Name of the view (`releasedName`).
 * @param noted - The rest of the statement, as the note keeps it.
 */
export function releaseOfNote(
  primitives: Pick<Primitives, 'sha256'>,
  entry: Bytes32,
  noted: Omit<ShareRelease, 'entries' | 'shares' | 'seals'>,
): ShareRelease {
  return { ...noted, entries: listRoot(primitives, [entry]), shares: ZERO32, seals: ZERO32 };
}
