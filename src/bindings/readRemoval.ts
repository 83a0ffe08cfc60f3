import { decodeFunctionResult, encodeFunctionData } from 'viem/utils';
import type { Address, Bytes32 } from '../protocol/ids.ts';
import { ethCall } from './ethCall.ts';
import { validatorsAbi } from './generated/validatorsAbi.ts';
import type { LedgerProvider } from './LedgerProvider.ts';

/** The removal of a validator's key, as the ledger has it. */
export interface Removal {
  /** Number of the last removal; 0 before the first. */
  readonly removal: number;
  /** First second at which it lapses; 0 if the key is not out. */
  readonly until: number;
  /** True if a change that takes the key's stake is under way, so that it does not lapse. */
  readonly isConfirmed: boolean;
}

/**
 * Reads whether power is taken from a validator's key at once.
 *
 * @param provider - The ledger.
 * @param validators - The contract.
 * @param key - Ed25519 public key.
 */
export async function readRemoval(
  provider: LedgerProvider,
  validators: Address,
  key: Bytes32,
): Promise<Removal> {
  const call = { abi: validatorsAbi, functionName: 'removalOf', args: [key] } as const;
  const data = await ethCall(provider, validators, encodeFunctionData(call));
  const [removal, until, isConfirmed] = decodeFunctionResult({ ...call, data });
  return { removal: Number(removal), until, isConfirmed };
}
