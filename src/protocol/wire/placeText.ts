import { hexToBytes } from '../../crypto/bytes.ts';
import { formatCheckpoint } from '../../crypto/note/checkpoint.ts';
import type { LedgerPlace } from '../evidence/evidence.ts';
import type { Checkpoint } from '../struct/requests.ts';

/**
 * Returns the text that a log signs when a checkpoint is on the ledger, so that nobody else can state its place: the
 * checkpoint with two extension lines (C2SP tlog-checkpoint), the transaction and the block.
 *
 * @param origin - Origin of the log.
 * @param checkpoint - Checkpoint on the ledger.
 * @param place - Transaction and block.
 */
export function placeText(
  origin: string,
  { size, root }: Omit<Checkpoint, 'log'>,
  { transaction, block }: LedgerPlace,
): string {
  const checkpoint = formatCheckpoint({ origin, size, root: hexToBytes(root) });
  return `${checkpoint}transaction ${transaction}\nblock ${block}\n`;
}
