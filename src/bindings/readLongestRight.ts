import { decodeFunctionResult, encodeFunctionData } from 'viem/utils';
import type { NetworkFile } from '../protocol/network/NetworkFile.ts';
import { decodeAnswer, ethCall } from './ethCall.ts';
import { consentAbi } from './generated/consentAbi.ts';
import type { LedgerProvider } from './LedgerProvider.ts';

/**
 * Reads off the ledger how long a right may hold at most.
 *
 * @param provider - The ledger.
 * @param contracts - The network's contracts.
 * @returns Seconds.
 */
export async function readLongestRight(
  provider: LedgerProvider,
  contracts: Pick<NetworkFile['contracts'], 'consent'>,
): Promise<number> {
  const call = { abi: consentAbi, functionName: 'longestRight' } as const;
  const data = encodeFunctionData(call);
  const result = await ethCall(provider, contracts.consent, data);
  return decodeAnswer(() => Number(decodeFunctionResult({ ...call, data: result })));
}
