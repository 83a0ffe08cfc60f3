import { MOST_BLOCKS_VERIFIED } from '../../consortium/LightLogs.ts';
import { LedgerRejection } from '../LedgerRejection.ts';

/**
 * Requires that a range is not of more blocks than are verified at once: whoever reads more asks for less, as of any ledger.
 *
 * @param from - Its first block.
 * @param to - Its last one.
 * @throws LedgerRejection -32005.
 */
export function requireNarrow(from: number, to: number): void {
  if (to - from < MOST_BLOCKS_VERIFIED) return;
  throw new LedgerRejection(
    -32_005,
    `logs of ${MOST_BLOCKS_VERIFIED} blocks at most are verified at once`,
  );
}
