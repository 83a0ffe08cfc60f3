import { decodeFunctionResult, encodeFunctionData } from 'viem/utils';
import type { Address, Bytes32 } from '../../protocol/ids.ts';
import type { NetworkFile } from '../../protocol/network/NetworkFile.ts';
import { ethCall } from '../ethCall.ts';
import { registryAbi } from '../generated/registryAbi.ts';
import type { LedgerProvider } from '../LedgerProvider.ts';

/** A party as the Registry has it. */
export interface RegisteredParty {
  /** The key or wallet that signs for the party now. */
  readonly signer: Address;
  /** Place of the role in `ROLES` + 1. */
  readonly role: number;
  readonly suspended: boolean;
  /** Number of the last change of key that was made or begun; 0 since the enrolment. */
  readonly change: number;
  /** Number of the last suspension or lifting; 0 since the enrolment. */
  readonly standing: number;
  readonly organisation: Bytes32;
  /** SHA-256 of the party's age recipient (its text). */
  readonly recipient: Bytes32;
}

/**
 * Reads a party off the Registry.
 *
 * @param provider - The ledger.
 * @param contracts - The network's contracts.
 * @param party - The address of the party's first key.
 * @param block - Number of the block; the newest if absent.
 * @returns Undefined if nobody enrolled it.
 */
export async function readParty(
  provider: LedgerProvider,
  contracts: Pick<NetworkFile['contracts'], 'registry'>,
  party: Address,
  block?: number,
): Promise<RegisteredParty | undefined> {
  const data = encodeFunctionData({ abi: registryAbi, functionName: 'party', args: [party] });
  const result = await ethCall(provider, contracts.registry, data, block);
  const known = decodeFunctionResult({ abi: registryAbi, functionName: 'party', data: result });
  if (known.role === 0) return undefined;
  return { ...known, signer: known.signer.toLowerCase() as Address };
}
