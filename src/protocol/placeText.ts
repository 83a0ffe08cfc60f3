import { hexToBytes } from '../crypto/bytes.ts';
import { formatCheckpoint } from '../crypto/note/checkpoint.ts';
import type { LedgerPlace } from './evidence.ts';
import type { Checkpoint } from './requests.ts';

/**
 * What a log signs when a checkpoint stands on the ledger, so that nobody else says where: the checkpoint with two
 * extension lines (C2SP tlog-checkpoint), the transaction and the block.
 *
 * @param origin - The log's.
 * @param checkpoint - What stands on the ledger.
 * @param place - Where.
 */
export function placeText(
  origin: string,
  { size, root }: Omit<Checkpoint, 'log'>,
  { transaction, block }: LedgerPlace,
): string {
  const checkpoint = formatCheckpoint({ origin, size, root: hexToBytes(root) });
  return `${checkpoint}transaction ${transaction}\nblock ${block}\n`;
}
