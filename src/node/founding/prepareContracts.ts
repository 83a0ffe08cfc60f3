import type { LedgerProvider } from '../../bindings/LedgerProvider.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import type { Sender } from '../../ledger/openSender.ts';
import type { NetworkFile } from '../../protocol/NetworkFile.ts';
import { createContracts } from './createContracts.ts';

/**
 * Sees that the contracts are on a ledger that validators hold: the founder's node creates them when the ledger begins.
 *
 * @param network - The network file.
 * @param provider - The ledger.
 * @param founder - The founder's account, if this is the founder's node.
 * @throws MedsealError `NOT_YET` if the founder's node did not create them yet; of the ledger. It is safe to repeat.
 */
export async function prepareContracts(
  network: NetworkFile,
  provider: LedgerProvider,
  founder: Sender | undefined,
): Promise<void> {
  const { validators } = network.contracts;
  if (network.ledger.chain === undefined || validators === undefined) return;
  if (founder !== undefined) await createContracts(network, provider, founder);
  const code = await provider.request({ method: 'eth_getCode', params: [validators, 'latest'] });
  if (code === '0x') throw new MedsealError('NOT_YET', { what: 'contract that was created last' });
}
