import type { LedgerProvider } from '../bindings/LedgerProvider.ts';
import { connectJsonRpc } from '../ledger/connectJsonRpc.ts';
import { systemClock } from '../folder/systemClock.ts';
import type { NetworkFile } from '../protocol/NetworkFile.ts';

/**
 * Connects to a ledger that the user named, once it has shown that it is the network file's.
 *
 * @param network - The pinned network file.
 * @param url - Its JSON-RPC address.
 * @throws MedsealError `LEDGER_OTHER`, `LEDGER_UNREACHABLE`.
 */
export async function connectPinnedLedger(
  network: NetworkFile,
  url: string,
): Promise<LedgerProvider> {
  return await connectJsonRpc({ url, clock: systemClock, ...network.ledger });
}
