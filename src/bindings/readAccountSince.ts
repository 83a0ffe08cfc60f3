import { decodeFunctionResult, encodeFunctionData } from 'viem/utils';
import type { Address } from '../protocol/ids.ts';
import { decodeAnswer, ethCall } from './ethCall.ts';
import { settlementAbi } from './generated/settlementAbi.ts';
import type { LedgerProvider } from './LedgerProvider.ts';

/**
 * Reads the number of the period in which the position of an account of settlement units began.
 *
 * @param provider - The ledger.
 * @param settlement - The contract.
 * @param account - The account.
 * @throws MedsealError `LEDGER_OTHER`, `PEER_MALFORMED`; errors of the provider.
 */
export async function readAccountSince(
  provider: LedgerProvider,
  settlement: Address,
  account: Address,
): Promise<number> {
  const call = { abi: settlementAbi, functionName: 'accountOf', args: [account] } as const;
  const result = await ethCall(provider, settlement, encodeFunctionData(call));
  return decodeAnswer(() => decodeFunctionResult({ ...call, data: result })).since;
}
