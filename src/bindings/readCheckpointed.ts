import type { Bytes32 } from '../protocol/ids.ts';
import type { NetworkFile } from '../protocol/network/NetworkFile.ts';
import { keepEvents } from './keepEvents.ts';
import type { LedgerProvider } from './LedgerProvider.ts';
import type { RuleEvent } from './RuleEvent.ts';

/**
 * Reads every checkpoint of a log off the ledger, from its events.
 *
 * @param provider - The ledger.
 * @param contracts - The network's contracts.
 * @param log - Id of the log: SHA-256 of its origin.
 */
export async function readCheckpointed(
  provider: LedgerProvider,
  contracts: Pick<NetworkFile['contracts'], 'evidence'>,
  log: Bytes32,
): Promise<readonly Extract<RuleEvent, { kind: 'Checkpointed' }>[]> {
  return await keepEvents(
    provider,
    [contracts.evidence],
    (event): event is Extract<RuleEvent, { kind: 'Checkpointed' }> =>
      event.kind === 'Checkpointed' && event.log === log,
  );
}
