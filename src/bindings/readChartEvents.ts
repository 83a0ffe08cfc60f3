import type { Handle } from '../protocol/ids.ts';
import type { NetworkFile } from '../protocol/network/NetworkFile.ts';
import { keepEvents } from './keepEvents.ts';
import type { LedgerProvider } from './LedgerProvider.ts';
import type { RuleEvent } from './RuleEvent.ts';

/** An event of the ledger that concerns a chart. */
export type ChartEvent = Extract<RuleEvent, { handle: Handle }>;

/**
 * Reads off the ledger every change of the rules of a patient's chart: enrolment, grants and their ends, epochs,
 * access requests, mandates, birth, death and will.
 *
 * @param provider - The ledger.
 * @param contracts - The network's contracts.
 * @param handle - The patient.
 * @throws MedsealError `LEDGER_UNREACHABLE`; `PEER_MALFORMED` if the ledger's answer is malformed.
 * @example
 * ```ts
 * for (const { kind, block } of await readChartEvents(ledger, network.contracts, handle)) {
 *   console.log(`${kind} in block ${block}`);
 * }
 * ```
 */
export async function readChartEvents(
  provider: LedgerProvider,
  contracts: Pick<NetworkFile['contracts'], 'registry' | 'consent' | 'vitalRecords' | 'mandates'>,
  handle: Handle,
): Promise<readonly ChartEvent[]> {
  const { registry, consent, vitalRecords, mandates } = contracts;
  const further = [vitalRecords, mandates].filter((address) => address !== undefined);
  const addresses = [registry, consent, ...further];
  return await keepEvents(
    provider,
    addresses,
    (event): event is ChartEvent => 'handle' in event && event.handle === handle,
  );
}
