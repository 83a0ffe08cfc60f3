import type { LedgerProvider } from './LedgerProvider.ts';
import { quantityIn } from './quantityIn.ts';
import { quantityOf } from './quantityOf.ts';

/**
 * Reads when a block was made, Unix seconds.
 *
 * @param provider - The ledger.
 * @param block - Number of the block.
 * @throws MedsealError `PEER_MALFORMED` if the ledger has no such block; of the ledger.
 */
export async function readBlockTime(provider: LedgerProvider, block: number): Promise<number> {
  const params = [quantityOf(block), false];
  const found = (await provider.request({ method: 'eth_getBlockByNumber', params })) as {
    readonly timestamp?: unknown;
  } | null;
  return quantityIn(found?.timestamp, 'block');
}
