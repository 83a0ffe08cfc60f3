import { decodeFunctionResult, encodeFunctionData } from 'viem/utils';
import type { Bytes32, Handle } from '../../protocol/ids.ts';
import type { NetworkFile } from '../../protocol/network/NetworkFile.ts';
import { ethCall } from '../ethCall.ts';
import { consentAbi } from '../generated/consentAbi.ts';
import type { LedgerProvider } from '../LedgerProvider.ts';

/** A patient's present epoch and the commitment that it is of. */
export interface PresentEpoch {
  /** The present epoch, from 1. */
  readonly epoch: number;
  /** First epoch of the commitment. */
  readonly first: number;
  /** Number of epochs that the commitment was made for. */
  readonly count: number;
  /** RFC 9162 root over the epochs' sheets; the present one is at place `epoch - first`. */
  readonly root: Bytes32;
}

/**
 * Reads a patient's present epoch off the ledger.
 *
 * @param provider - The ledger.
 * @param contracts - The network's contracts.
 * @param handle - The patient.
 * @param block - Number of the block; the newest if absent.
 * @returns Undefined before the first commitment.
 */
export async function readEpoch(
  provider: LedgerProvider,
  contracts: Pick<NetworkFile['contracts'], 'consent'>,
  handle: Handle,
  block?: number,
): Promise<PresentEpoch | undefined> {
  const call = { abi: consentAbi, functionName: 'epochOf' } as const;
  const data = encodeFunctionData({ ...call, args: [handle] });
  const result = await ethCall(provider, contracts.consent, data, block);
  const [epoch, first, count, root] = decodeFunctionResult({ ...call, data: result });
  if (epoch === 0n) return undefined;
  return { epoch: Number(epoch), first: Number(first), count: Number(count), root };
}
