import type { Organisation } from '../../protocol/ids.ts';
import { presentNodes } from '../../protocol/network/networkLookups.ts';
import type { NetworkFile } from '../../protocol/network/NetworkFile.ts';
import type { LedgerIndex } from '../../services/LedgerIndex.ts';

/**
 * Tells whether the Registry, as a node knows it, says that an organisation's account is suspended. Accounts that it has for
 * other channels do not speak for it here.
 *
 * @param network - The network file, which names the account.
 * @param index - The view of the Registry.
 * @param name - The organisation.
 */
export function isSuspendedIn(
  network: NetworkFile,
  index: Pick<LedgerIndex, 'administrators'>,
  name: Organisation,
): boolean {
  const own = presentNodes(network).find(({ organisation }) => organisation === name)?.sender;
  const accounts = index
    .administrators(name)
    .filter(({ party }) => own === undefined || party === own);
  return accounts.length > 0 && accounts.every(({ suspended }) => suspended);
}
