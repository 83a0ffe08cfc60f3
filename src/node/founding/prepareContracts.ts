import type { LedgerProvider } from '../../bindings/LedgerProvider.ts';
import { isMedsealError } from '../../errors/isMedsealError.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import type { Sender } from '../../ledger/openSender.ts';
import { furtherContractsOf } from '../../protocol/network/furtherContracts.ts';
import type { NetworkFile } from '../../protocol/network/NetworkFile.ts';
import { createContracts } from './createContracts.ts';

/**
 * Sees that the contracts are on a ledger that is not in the founder's folder: one that validators hold, or that of
 * another network. The founder's node creates them, when the ledger begins or has admitted its account.
 *
 * @param network - The network file.
 * @param provider - The ledger.
 * @param founder - The founder's account, if this is the founder's node.
 * @throws MedsealError `NOT_YET` if the founder's node did not create them yet, or its account is not admitted; of the
 * ledger. It is safe to repeat.
 */
export async function prepareContracts(
  network: NetworkFile,
  provider: LedgerProvider,
  founder: Sender | undefined,
): Promise<void> {
  const { ledger, contracts } = network;
  if (ledger.chain === undefined && ledger.of === undefined) return;
  if (founder !== undefined) await create(network, provider, founder);
  const [newest] = furtherContractsOf(contracts).toReversed();
  const last = newest === undefined ? undefined : contracts[newest];
  const code = await provider.request({
    method: 'eth_getCode',
    params: [last ?? contracts.validators ?? contracts.evidence, 'latest'],
  });
  if (code === '0x') throw new MedsealError('NOT_YET', { what: 'contract that was created last' });
}

/** The code of JSON-RPC for a transaction that the ledger takes from nobody but those whom it admits. */
const NOT_ADMITTED = -32_003;

async function create(
  network: NetworkFile,
  provider: LedgerProvider,
  founder: Sender,
): Promise<void> {
  try {
    await createContracts(network, provider, founder);
  } catch (error) {
    const isRefused =
      isMedsealError(error, 'LEDGER_REJECTED') && error.values['code'] === NOT_ADMITTED;
    if (network.ledger.of === undefined || !isRefused) throw error;
    const what = `admission of the account ${founder.address} by the network whose ledger it is`;
    throw new MedsealError('NOT_YET', { what }, { cause: error });
  }
}
