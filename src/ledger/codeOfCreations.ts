import { Address as EvmAddress } from '@ethereumjs/util';
import { bytesToHex, hexToBytes } from '../crypto/bytes.ts';
import type { Primitives } from '../crypto/Primitives.ts';
import type { Address, Hex } from '../protocol/ids.ts';
import { createCommon } from './chain/createCommon.ts';
import { GAS_LIMIT } from './chain/limits.ts';
import { Machine } from './chain/Machine.ts';
import { LedgerState } from './state/LedgerState.ts';
import { StateSource } from './state/StateSource.ts';
import { EMPTY_ROOT } from './trie/sealTrie.ts';

/**
 * The code that creating transactions leave on a new ledger: they are run here, on an empty state, and nothing is kept.
 *
 * @param creations - Creation code with arguments, in the order of the deployer's nonces from 0.
 * @param deployer - Their sender.
 * @param chainId - EIP-155 chain id, which contracts may take into their code.
 * @param primitives - Hashes and the curve.
 * @returns The code of each contract, in the same order.
 * @throws Error if one of them fails.
 */
export async function codeOfCreations(
  creations: readonly Hex[],
  deployer: Address,
  chainId: number,
  primitives: Primitives,
): Promise<readonly Hex[]> {
  const nothing = { node: () => undefined, code: () => undefined };
  const state = new LedgerState(new StateSource(nothing, primitives), EMPTY_ROOT);
  const machine = await Machine.create(
    state,
    createCommon(chainId, primitives),
    () => new Uint8Array(32),
  );
  const caller = new EvmAddress(hexToBytes(deployer));
  const codes: Hex[] = [];
  for (const data of creations) {
    const { exceptionError, returnValue } = await machine.call({
      block: machine.block({ number: codes.length + 1, timestamp: 0 }),
      caller,
      data: hexToBytes(data),
      gasLimit: BigInt(GAS_LIMIT),
    });
    if (exceptionError !== undefined)
      throw new Error(`a contract was not created: ${exceptionError.error}`);
    codes.push(bytesToHex(returnValue));
  }
  return codes;
}
