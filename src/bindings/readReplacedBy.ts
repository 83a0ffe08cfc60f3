import { decodeFunctionResult, encodeFunctionData } from 'viem/utils';
import type { Address, Bytes32 } from '../protocol/ids.ts';
import { ethCall } from './ethCall.ts';
import { validatorsAbi } from './generated/validatorsAbi.ts';
import type { LedgerProvider } from './LedgerProvider.ts';

/**
 * Reads the key that was put in the place of a validator's key at once; zero if none was.
 *
 * @param provider - The ledger.
 * @param validators - The contract.
 * @param key - Ed25519 public key.
 */
export async function readReplacedBy(
  provider: LedgerProvider,
  validators: Address,
  key: Bytes32,
): Promise<Bytes32> {
  const call = { abi: validatorsAbi, functionName: 'replacedBy', args: [key] } as const;
  const data = await ethCall(provider, validators, encodeFunctionData(call));
  return decodeFunctionResult({ ...call, data }).toLowerCase() as Bytes32;
}
