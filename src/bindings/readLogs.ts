import type { ErrorCode } from '../errors/catalogue.ts';
import { isMedsealError } from '../errors/isMedsealError.ts';
import { MedsealError } from '../errors/MedsealError.ts';
import type { Address } from '../protocol/ids.ts';
import type { LedgerProvider } from './LedgerProvider.ts';
import { quantityIn } from './quantityIn.ts';
import { quantityOf } from './quantityOf.ts';

/** Number of answers in a row without a log, each for less than was asked for, at most: a head can be a lie. */
const MOST_EMPTY = 10_000;
/** By how much a range is narrowed that the ledger refuses, and one that it does not answer in time. */
const NARROWER = { refused: 2, late: 16 };

/** Which logs are read. */
export interface LogsWanted {
  readonly addresses: readonly Address[];
  /** First block. */
  readonly from: number;
  /** Last block. */
  readonly to: number;
}

/** One answer of a ledger. */
export interface LogsRead {
  /** In their order. */
  readonly logs: readonly unknown[];
  /** Last block that they are of. */
  readonly last: number;
}

/**
 * Reads logs as `eth_getLogs` has them, in ranges of blocks as wide as the ledger answers for, and gives each answer as it
 * comes. A block alone is never refused by a ledger that follows `ledgerBounds`.
 *
 * @param provider - The ledger.
 * @param wanted - Whose logs, of which blocks.
 * @throws MedsealError `PEER_MALFORMED` if what it answers is not a list; of the ledger.
 */
export async function* readLogRanges(
  provider: LedgerProvider,
  { addresses, from, to }: LogsWanted,
): AsyncGenerator<LogsRead, void> {
  let width = to - from + 1;
  let widest = Infinity;
  for (let [next, empty] = [from, 0]; next <= to;) {
    const last = Math.min(to, next + width - 1);
    const filter = { address: addresses, fromBlock: quantityOf(next), toBlock: quantityOf(last) };
    let logs: unknown;
    try {
      logs = await provider.request({ method: 'eth_getLogs', params: [filter] });
    } catch (error) {
      const narrower = narrowerFor(error);
      if (last === next || narrower === undefined) throw error;
      const asked = last - next + 1;
      // Each wait for an answer that does not come makes the widest range that is asked for at most half of this one.
      if (narrower === NARROWER.late) widest = Math.floor(asked / 2);
      width = Math.ceil(asked / narrower);
      continue;
    }
    if (!Array.isArray(logs)) throw malformed();
    empty = logs.length > 0 ? 0 : empty + 1;
    if (empty > MOST_EMPTY) throw malformed();
    yield { logs, last };
    next = last + 1;
    width = Math.min(2 * width, widest);
  }
}

/**
 * Reads logs as `readLogRanges` does, and gives all of them at once.
 *
 * @param provider - The ledger.
 * @param wanted - Whose logs, of which blocks.
 * @throws MedsealError `PEER_MALFORMED` if what it answers is not a list; of the ledger.
 */
export async function readLogs(
  provider: LedgerProvider,
  wanted: LogsWanted,
): Promise<readonly unknown[]> {
  const all: unknown[] = [];
  for await (const { logs } of readLogRanges(provider, wanted))
    for (const log of logs) all.push(log);
  return all;
}

/** By how much a range is to be narrowed; undefined if the error is not about its width. */
function narrowerFor(error: unknown): number | undefined {
  const is = (code: ErrorCode): boolean => isMedsealError(error, code);
  // Nodes agree neither on a code nor on words for a range that is too wide.
  if (is('LEDGER_REJECTED') || is('REQUEST_TOO_LARGE')) return NARROWER.refused;
  return is('LEDGER_UNREACHABLE') || is('LEDGER_SLOW') ? NARROWER.late : undefined;
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
