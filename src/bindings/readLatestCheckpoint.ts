import { decodeFunctionResult, encodeFunctionData } from 'viem/utils';
import type { Bytes32 } from '../protocol/ids.ts';
import type { NetworkFile } from '../protocol/network/NetworkFile.ts';
import type { Checkpoint } from '../protocol/struct/requests.ts';
import { decodeAnswer, ethCall } from './ethCall.ts';
import { evidenceAbi } from './generated/evidenceAbi.ts';
import type { LedgerProvider } from './LedgerProvider.ts';

/**
 * Reads the newest checkpoint of a log off the ledger.
 *
 * @param provider - The ledger.
 * @param contracts - The network's contracts.
 * @param log - Id of the log: SHA-256 of its origin.
 * @param block - Number of the block; the newest if absent.
 * @returns Undefined before the first.
 */
export async function readLatestCheckpoint(
  provider: LedgerProvider,
  contracts: Pick<NetworkFile['contracts'], 'evidence'>,
  log: Bytes32,
  block?: number,
): Promise<Checkpoint | undefined> {
  const call = { abi: evidenceAbi, functionName: 'latest' } as const;
  const data = encodeFunctionData({ ...call, args: [log] });
  const result = await ethCall(provider, contracts.evidence, data, block);
  const [size, root] = decodeAnswer(() => decodeFunctionResult({ ...call, data: result }));
  return size === 0n ? undefined : { log, size: Number(size), root };
}
