import { MedsealError } from '../../errors/MedsealError.ts';
import type { Bytes32 } from '../../protocol/ids.ts';
import type { ServiceContext } from '../ServiceContext.ts';

/**
 * Requires that a checkpoint on the organisation's own ledger is over the first entries of a log: a log can have two histories beyond
 * it, each with a checkpoint that k coordinators signed.
 *
 * @param context - The organisation's context.
 * @param log - Id of the log.
 * @param size - Number of the entries.
 * @throws MedsealError `NOT_YET`.
 */
export async function requireOnLedger(
  { index }: Pick<ServiceContext, 'index'>,
  log: Bytes32,
  size: number,
): Promise<void> {
  const isOver = (): boolean => size <= (index.checkpoint(log)?.size ?? 0);
  if (isOver()) return;
  await index.refresh();
  if (!isOver()) {
    throw new MedsealError('NOT_YET', { what: 'checkpoint on the ledger' });
  }
}
