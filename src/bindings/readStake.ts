import { decodeFunctionResult, encodeFunctionData } from 'viem/utils';
import type { Address, Bytes32, Organisation } from '../protocol/ids.ts';
import { organisationName } from '../protocol/network/networkLookups.ts';
import { ethCall } from './ethCall.ts';
import { validatorsAbi } from './generated/validatorsAbi.ts';
import type { LedgerProvider } from './LedgerProvider.ts';

/** Stake of a validator's key. */
export interface HeldStake {
  /** Whose validator it is; empty if the key never had stake. */
  readonly owner: Organisation;
  readonly amount: number;
  /** Number of the last change of it that was begun. */
  readonly change: number;
}

/**
 * Reads the stake of a validator's key.
 *
 * @param provider - The ledger.
 * @param validators - The contract.
 * @param key - Ed25519 public key.
 */
export async function readStake(
  provider: LedgerProvider,
  validators: Address,
  key: Bytes32,
): Promise<HeldStake> {
  const stake = { abi: validatorsAbi, functionName: 'stakeOf', args: [key] } as const;
  const change = { abi: validatorsAbi, functionName: 'changeOf', args: [key] } as const;
  const [held, changed] = await Promise.all(
    [stake, change].map(
      async (call) => await ethCall(provider, validators, encodeFunctionData(call)),
    ),
  );
  const { organisation, amount } = decodeFunctionResult({ ...stake, data: held ?? '0x' });
  return {
    owner: organisationName(organisation),
    amount: Number(amount),
    change: Number(decodeFunctionResult({ ...change, data: changed ?? '0x' })),
  };
}
