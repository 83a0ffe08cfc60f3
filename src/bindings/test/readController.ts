import { decodeFunctionResult, encodeFunctionData } from 'viem/utils';
import type { Address, Handle } from '../../protocol/ids.ts';
import type { NetworkFile } from '../../protocol/network/NetworkFile.ts';
import { ethCall } from '../ethCall.ts';
import { registryAbi } from '../generated/registryAbi.ts';
import type { LedgerProvider } from '../LedgerProvider.ts';

/**
 * Reads off the Registry which patient a handle is.
 *
 * @param provider - The ledger.
 * @param contracts - The network's contracts.
 * @param handle - The handle.
 * @param block - Number of the block; the newest if absent.
 * @returns Undefined if it is no one's.
 */
export async function readController(
  provider: LedgerProvider,
  contracts: Pick<NetworkFile['contracts'], 'registry'>,
  handle: Handle,
  block?: number,
): Promise<Address | undefined> {
  const call = { abi: registryAbi, functionName: 'controllerOf' } as const;
  const data = encodeFunctionData({ ...call, args: [handle] });
  const result = await ethCall(provider, contracts.registry, data, block);
  const controller = decodeFunctionResult({ ...call, data: result });
  return BigInt(controller) === 0n ? undefined : (controller.toLowerCase() as Address);
}
