import { MemoryLevel } from 'memory-level';
import { systemClock } from '../node/systemClock.ts';
import { connectJsonRpc } from './connectJsonRpc.ts';
import { addressOf, ledgerCases, SECRETS } from './ledger.cases.ts';
import { openEmbeddedLedger, type EmbeddedLedger } from './openEmbeddedLedger.ts';
import { serveJsonRpc } from './testing/serveJsonRpc.ts';

const chainId = 4242;
const clock = systemClock;

async function openInMemory(): Promise<EmbeddedLedger> {
  return await openEmbeddedLedger({
    database: new MemoryLevel(),
    chainId,
    genesis: { timestamp: 1_700_000_000, senders: SECRETS.map(addressOf) },
    clock,
  });
}

ledgerCases('the embedded engine', async () => {
  const ledger = await openInMemory();
  return { provider: ledger, chainId, clock, close: async () => await ledger.close() };
});

ledgerCases('the JSON-RPC engine on the embedded one', async () => {
  const ledger = await openInMemory();
  const server = await serveJsonRpc(ledger);
  const provider = await connectJsonRpc({
    url: server.url,
    chainId,
    genesis: ledger.genesisHash,
    clock,
  });
  return {
    provider,
    chainId,
    clock,
    async close() {
      await server.close();
      await ledger.close();
    },
  };
});
