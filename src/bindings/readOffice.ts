import type { Member, NetworkFile } from '../protocol/NetworkFile.ts';
import { organisationName } from '../protocol/networkLookups.ts';
import type { LedgerProvider } from './LedgerProvider.ts';
import { readEvents } from './readEvents.ts';
import { readBlockNumber, readLogs } from './readLogs.ts';
import type { OfficeName } from './RuleEvent.ts';

/** Holders and threshold of an office. */
export interface Office {
  /** Number of organisations that are a quorum. */
  readonly threshold: number;
  readonly members: readonly Member[];
}

/**
 * Reads off the Registry's events who holds an office now.
 *
 * @param provider - The ledger.
 * @param contracts - The network's contracts.
 * @param office - The office.
 * @returns Undefined if the ledger knows of no holder.
 */
export async function readOffice(
  provider: LedgerProvider,
  contracts: Pick<NetworkFile['contracts'], 'registry'>,
  office: OfficeName,
): Promise<Office | undefined> {
  const to = await readBlockNumber(provider);
  const logs = await readLogs(provider, { addresses: [contracts.registry], from: 0, to });
  const events = readEvents(logs);
  const last = events.findLast(
    (event) => event.kind === 'OfficeChanged' && event.office === office,
  );
  if (last?.kind !== 'OfficeChanged') return undefined;
  const members = events.flatMap((event) =>
    event.kind === 'Seated' && event.office === office && event.change === last.change
      ? [{ address: event.holder, organisation: organisationName(event.organisation) }]
      : [],
  );
  return { threshold: last.threshold, members };
}
