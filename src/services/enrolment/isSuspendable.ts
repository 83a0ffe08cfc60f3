import type { Address } from '../../protocol/ids.ts';
import { presentNodes } from '../../protocol/network/networkLookups.ts';
import type { ServiceContext } from '../ServiceContext.ts';

/**
 * Tells whether nodes may suspend an account of before by themselves, as the ledger stands: it was never suspended, so
 * nobody has decided about it, and its organisation, if it is still there, can send from the account that the network
 * file names.
 *
 * @param context - The network, and a fresh view of the ledger.
 * @param account - An account that the network file does not name.
 */
export function isSuspendable(
  { index, network }: Pick<ServiceContext, 'index' | 'network'>,
  account: Address,
): boolean {
  const known = index.party(account);
  if (known?.role !== 'administrator' || known.suspended || known.standing > 0) return false;
  const nodes = presentNodes(network);
  if (nodes.some(({ sender }) => sender === account)) return false;
  const own = nodes.find(({ organisation }) => organisation === known.organisation);
  return own === undefined || index.party(own.sender)?.suspended === false;
}
