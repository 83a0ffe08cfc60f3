import type { ReadHash } from '../crypto/merkle/ReadHash.ts';
import { MedsealError } from '../errors/MedsealError.ts';
import { keys } from './keys.ts';
import type { LogRows } from './LogRows.ts';

/**
 * Reads the hashes of a log's tree from its rows.
 *
 * @param rows - The log's.
 * @throws MedsealError `EVIDENCE_INVALID`, from the function that it gives, where a hash is lost.
 */
export function hashReader(rows: LogRows): ReadHash {
  return async (level, index) => {
    const hash = await rows.get(keys.hash(level, index));
    if (hash === undefined) {
      throw new MedsealError('EVIDENCE_INVALID', { reason: 'a hash of the tree is lost' });
    }
    return hash;
  };
}
