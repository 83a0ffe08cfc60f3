import { MedsealError } from '../errors/MedsealError.ts';
import type { Bytes32 } from '../protocol/ids.ts';
import type { LedgerProvider } from './LedgerProvider.ts';
import { quantityOf } from './quantityOf.ts';

/**
 * Reads the hash of a block.
 *
 * @param provider - The ledger, not trusted to answer in any form.
 * @param block - Number of the block.
 * @returns Undefined if the ledger has no such block, or no longer shows it.
 * @throws MedsealError `PEER_MALFORMED`; of the ledger.
 */
export async function readBlockHash(
  provider: LedgerProvider,
  block: number,
): Promise<Bytes32 | undefined> {
  const params = [quantityOf(block), false];
  const found = (await provider.request({ method: 'eth_getBlockByNumber', params })) as {
    readonly hash?: unknown;
  } | null;
  if (found === null) return undefined;
  const { hash } = found;
  if (typeof hash === 'string' && /^0x[0-9a-f]{64}$/.test(hash)) return hash as Bytes32;
  throw new MedsealError('PEER_MALFORMED', { what: 'block' });
}
