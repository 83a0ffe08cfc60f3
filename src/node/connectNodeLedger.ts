import type { LedgerProvider } from '../bindings/LedgerProvider.ts';
import { connectJsonRpc } from '../ledger/connectJsonRpc.ts';
import {
  connectVerifiedLedger,
  type VerifiedLedgerOptions,
} from '../ledger/proven/connectVerifiedLedger.ts';
import type { KeptTrust } from './keptTrust.ts';

/**
 * Connects a node to its network's ledger. If validators hold it, one of this machine is the organisation's own, and
 * believed; any other is verified.
 *
 * @param options - The address, the network file and the ports.
 * @param trust - Keeps the newest block that was verified.
 * @throws MedsealError as `connectVerifiedLedger`; `FOLDER_FOREIGN` if the block that was kept is malformed.
 */
export async function connectNodeLedger(
  options: Omit<VerifiedLedgerOptions, 'trusted' | 'onTrusted' | 'onFork'>,
  trust?: KeptTrust,
): Promise<LedgerProvider> {
  const { network, url } = options;
  if (network.ledger.chain === undefined || isOfThisMachine(url)) {
    return await connectJsonRpc({ ...options, ...network.ledger });
  }
  const trusted = await trust?.read();
  return await connectVerifiedLedger({
    ...options,
    ...(trusted && { trusted }),
    ...(trust && {
      onTrusted: async (block) => await trust.keep(block),
      onFork: async (proof) => await trust.keepFork(proof),
    }),
  });
}

function isOfThisMachine(url: string): boolean {
  const { hostname } = new URL(url);
  return /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/.test(hostname);
}
