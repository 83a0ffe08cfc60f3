import type { LedgerProvider } from '../../bindings/LedgerProvider.ts';
import type { Sender } from '../../ledger/openSender.ts';
import type { NetworkFile } from '../../protocol/network/NetworkFile.ts';
import { creationsOf } from './creationsOf.ts';

/**
 * Creates a network's contracts on its ledger, as far as they are not there yet.
 *
 * @param network - The network file.
 * @param provider - The ledger.
 * @param sender - The account of its first founder.
 * @throws MedsealError of the ledger; it is safe to repeat.
 */
export async function createContracts(
  network: NetworkFile,
  provider: LedgerProvider,
  sender: Sender,
): Promise<void> {
  const creations = creationsOf(network, sender.address);
  const params = [sender.address, 'latest'];
  const done = await provider.request({ method: 'eth_getTransactionCount', params });
  for (const { data } of creations.slice(Number(done))) await sender.send({ data });
}
