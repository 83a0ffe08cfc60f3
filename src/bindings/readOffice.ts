import { decodeFunctionResult, encodeFunctionData } from 'viem/utils';
import type { Address } from '../protocol/ids.ts';
import type { Member, NetworkFile } from '../protocol/network/NetworkFile.ts';
import { organisationName } from '../protocol/network/networkLookups.ts';
import { decodeAnswer, ethCall } from './ethCall.ts';
import { registryAbi } from './generated/registryAbi.ts';
import type { LedgerProvider } from './LedgerProvider.ts';
import type { OfficeName } from './RuleEvent.ts';

/** Holders and threshold of an office. */
export interface Office {
  /** Number of organisations that are a quorum. */
  readonly threshold: number;
  readonly members: readonly Member[];
}

/**
 * Asks the Registry who holds an office now.
 *
 * @param provider - The ledger.
 * @param contracts - The network's contracts.
 * @param office - The office.
 * @returns Undefined if the ledger knows of no holder.
 * @throws MedsealError `LEDGER_OTHER` if there is no such contract; of the ledger.
 */
export async function readOffice(
  provider: LedgerProvider,
  contracts: Pick<NetworkFile['contracts'], 'registry'>,
  office: OfficeName,
): Promise<Office | undefined> {
  const call = { abi: registryAbi, functionName: office } as const;
  const data = await ethCall(provider, contracts.registry, encodeFunctionData(call));
  const [seats, threshold] = decodeAnswer(() => decodeFunctionResult({ ...call, data }));
  if (seats.length === 0) return undefined;
  const members = seats.map(({ holder, organisation }) => ({
    address: holder.toLowerCase() as Address,
    organisation: organisationName(organisation),
  }));
  return { threshold, members };
}
