import type { BlockFacts } from './BlockFacts.ts';
import type { NetworkFile } from './NetworkFile.ts';

/**
 * Returns the newest block that a network file states of the ledger: the one that k coordinators signed when a successor was
 * drafted, and those who signed the successor with it.
 *
 * @param network - The network file, trusted.
 * @returns Undefined if it states none.
 */
export function newestStated({ before = [] }: Pick<NetworkFile, 'before'>): BlockFacts | undefined {
  return before
    .flatMap(({ block }) => block ?? [])
    .reduce<BlockFacts | undefined>(
      (newest, block) => (newest === undefined || block.height > newest.height ? block : newest),
      undefined,
    );
}
