import { decodeFunctionResult, encodeFunctionData } from 'viem/utils';
import type { Address } from '../protocol/ids.ts';
import type { NetworkFile } from '../protocol/network/NetworkFile.ts';
import { ethCall } from './ethCall.ts';
import { registryAbi } from './generated/registryAbi.ts';
import { keepEvents } from './keepEvents.ts';
import type { LedgerProvider } from './LedgerProvider.ts';
import type { OfficeName, RuleEvent } from './RuleEvent.ts';

/** Progress of the changes of an office. */
export interface OfficeChanges {
  /** Number of the last change that was begun; 0 before the first. */
  readonly begun: number;
  /** Number of the change that is in force; 0 for the founding. */
  readonly made: number;
  /** First second at which the last one that was begun can be finished; 0 before the first. */
  readonly readyAt: number;
  /** The office as each change made it, by the change's number. */
  readonly offices: ReadonlyMap<number, HeldOffice>;
}

/** An office as the Registry has it. */
export interface HeldOffice {
  readonly threshold: number;
  /** Its holders, in the order of the change. */
  readonly members: readonly Address[];
}

/**
 * Reads off the Registry's events how far the changes of an office are.
 *
 * @param provider - The ledger.
 * @param contracts - The network's contracts.
 * @param office - The office.
 */
export async function readOfficeChanges(
  provider: LedgerProvider,
  contracts: Pick<NetworkFile['contracts'], 'registry'>,
  office: OfficeName,
): Promise<OfficeChanges> {
  const events = await keepEvents(
    provider,
    [contracts.registry],
    (event): event is Extract<RuleEvent, { office: OfficeName }> =>
      'office' in event && event.office === office,
  );
  let changes: Omit<OfficeChanges, 'offices'> = { begun: 0, made: 0, readyAt: 0 };
  const offices = new Map<number, HeldOffice>();
  for (const event of events) {
    if (event.kind === 'OfficeChangeBegun') {
      changes = { ...changes, begun: event.change, readyAt: event.readyAt };
    }
    if (event.kind === 'OfficeChanged') {
      const { change, threshold } = event;
      changes = { ...changes, made: change };
      offices.set(change, { threshold, members: [] });
    }
    if (event.kind === 'Seated') {
      const held = offices.get(event.change);
      if (held !== undefined) {
        offices.set(event.change, { ...held, members: [...held.members, event.holder] });
      }
    }
  }
  return { ...changes, offices };
}

/**
 * Reads the Registry's delay of changes of offices, seconds.
 *
 * @param provider - The ledger.
 * @param contracts - The network's contracts.
 */
export async function readOfficeDelay(
  provider: LedgerProvider,
  contracts: Pick<NetworkFile['contracts'], 'registry'>,
): Promise<number> {
  const call = { abi: registryAbi, functionName: 'delay' } as const;
  const result = await ethCall(provider, contracts.registry, encodeFunctionData(call));
  return decodeFunctionResult({ ...call, data: result });
}
