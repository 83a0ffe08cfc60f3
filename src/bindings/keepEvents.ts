import type { Address } from '../protocol/ids.ts';
import type { LedgerProvider } from './LedgerProvider.ts';
import { readEvents } from './readEvents.ts';
import { readBlockNumber, readLogRanges } from './readLogs.ts';
import type { RuleEvent } from './RuleEvent.ts';

/**
 * Reads the events of contracts off the whole ledger, and keeps some. Each answer is let go before the next is asked for:
 * memory follows what is kept, not the age of the ledger.
 *
 * @param provider - The ledger.
 * @param addresses - The contracts.
 * @param isKept - Tells which events are kept.
 * @returns Those events, in the order of the ledger.
 * @throws MedsealError `PEER_MALFORMED`; of the ledger.
 */
export async function keepEvents<Kept extends RuleEvent>(
  provider: LedgerProvider,
  addresses: readonly Address[],
  isKept: (event: RuleEvent) => event is Kept,
): Promise<readonly Kept[]> {
  const wanted = { addresses, from: 0, to: await readBlockNumber(provider) };
  const kept: Kept[] = [];
  for await (const { logs } of readLogRanges(provider, wanted)) {
    for (const event of readEvents(logs)) if (isKept(event)) kept.push(event);
  }
  return kept;
}
