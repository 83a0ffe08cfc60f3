import { connectJsonRpc } from './connectJsonRpc.ts';
import { addressOf, ledgerCases, SECRETS } from './ledger.cases.ts';
import { describe } from 'node:test';
import { engineMissing, startEngines } from './test/startEngines.ts';
import { systemClock } from '../folder/systemClock.ts';

describe('the consortium’s engine', { skip: engineMissing ?? false }, () => {
  ledgerCases('the JSON-RPC engine in front of four validators', async () => {
    const network = await startEngines({
      validators: 4,
      senders: SECRETS.map(addressOf),
    });
    const close = async (): Promise<void> => await network.close();
    const url = network.engines[0]?.url ?? '';
    const provider = await connectJsonRpc({ url, chainId: 4242, clock: systemClock }).catch(
      async (error: unknown) => {
        await close();
        throw error;
      },
    );
    return { provider, chainId: 4242, clock: systemClock, ethereum: false, close };
  });
});
