import type { LogName } from '../../protocol/ids.ts';
import { logEndOf } from '../../protocol/network/officesOf.ts';
import type { ServiceContext } from '../ServiceContext.ts';
import { MARGIN } from './wentBeyond.ts';

/**
 * Tells whether a block was made after the last moment at which a log's organisation was in office.
 *
 * @param context - The network file, and the ledger whose blocks tell the time.
 * @param log - The log's name.
 */
export function isPastEnd(
  { network, index }: Pick<ServiceContext, 'network' | 'index'>,
  log: LogName,
): boolean {
  return index.blockTime > logEndOf(network, log) + MARGIN;
}
