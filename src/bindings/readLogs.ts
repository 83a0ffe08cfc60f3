import { isMedsealError } from '../errors/isMedsealError.ts';
import { MedsealError } from '../errors/MedsealError.ts';
import type { Address } from '../protocol/ids.ts';
import type { LedgerProvider } from './LedgerProvider.ts';
import { quantityIn } from './quantityIn.ts';
import { quantityOf } from './quantityOf.ts';

/** Number of calls to a ledger for one range, at most. */
const MOST_CALLS = 10_000;

/** Which logs are read. */
export interface LogsWanted {
  readonly addresses: readonly Address[];
  /** First block. */
  readonly from: number;
  /** Last block. */
  readonly to: number;
}

/**
 * Reads logs as `eth_getLogs` has them, in ranges of blocks as wide as the ledger answers for.
 *
 * @param provider - The ledger.
 * @param wanted - Whose logs, of which blocks.
 * @throws MedsealError `PEER_MALFORMED` if what it answers is not a list; of the ledger.
 */
export async function readLogs(
  provider: LedgerProvider,
  { addresses, from, to }: LogsWanted,
): Promise<readonly unknown[]> {
  const logs: unknown[] = [];
  let width = to - from + 1;
  for (let [next, calls] = [from, 0]; next <= to; calls++) {
    if (calls === MOST_CALLS) throw malformed();
    const last = Math.min(to, next + width - 1);
    const filter = { address: addresses, fromBlock: quantityOf(next), toBlock: quantityOf(last) };
    try {
      const found = await provider.request({ method: 'eth_getLogs', params: [filter] });
      if (!Array.isArray(found)) throw malformed();
      for (const log of found) logs.push(log);
      next = last + 1;
      width *= 2;
    } catch (error) {
      // Nodes agree neither on a code nor on words for a range that is too wide.
      if (width <= 1 || !isMedsealError(error, 'LEDGER_REJECTED')) throw error;
      width = Math.ceil(width / 2);
    }
  }
  return logs;
}

/**
 * The number of the newest block.
 *
 * @param provider - The ledger.
 * @throws MedsealError `PEER_MALFORMED` if its answer is not a block number; errors of the ledger.
 */
export async function readBlockNumber(provider: LedgerProvider): Promise<number> {
  return quantityIn(await provider.request({ method: 'eth_blockNumber' }), 'block number');
}

function malformed(): MedsealError {
  return new MedsealError('PEER_MALFORMED', { what: 'ledger answer' });
}
