import { Address as EvmAddress, createContractAddress } from '@ethereumjs/util';
import { bytesToHex, hexToBytes } from '../crypto/bytes.ts';
import type { Primitives } from '../crypto/Primitives.ts';
import type { Address, Bytes32, Hex } from '../protocol/ids.ts';
import { createCommon } from './chain/createCommon.ts';
import { GAS_LIMIT } from './chain/limits.ts';
import { Machine } from './chain/Machine.ts';
import { LedgerState } from './state/LedgerState.ts';
import { StateSource } from './state/StateSource.ts';
import { EMPTY_ROOT } from './trie/sealTrie.ts';

/** A contract as its creation leaves it. */
export interface CreatedContract {
  readonly code: Hex;
  /** Root of its storage, as `eth_getProof` gives it. */
  readonly storageRoot: Bytes32;
}

/** A contract that is on the ledger before. */
export interface PresentContract {
  readonly address: Address;
  readonly code: Hex;
}

/**
 * The code and storage that creating transactions leave on a new ledger: they are run here, on a state that has nothing else, and
 * nothing is kept.
 *
 * @param creations - Creation code with arguments, in the order of the deployer's nonces from 0.
 * @param deployer - Their sender.
 * @param chainId - EIP-155 chain id, which contracts may take into their code.
 * @param primitives - Hashes and the curve.
 * @param present - Contracts that they ask; none if absent.
 * @returns Code and storage of each contract, in the same order.
 * @throws Error if one of them fails.
 */
export async function codeOfCreations(
  creations: readonly Hex[],
  deployer: Address,
  chainId: number,
  primitives: Primitives,
  present: readonly PresentContract[] = [],
): Promise<readonly CreatedContract[]> {
  const nothing = { node: () => undefined, code: () => undefined };
  const source = new StateSource(nothing, primitives);
  const state = new LedgerState(source, EMPTY_ROOT);
  for (const { address, code } of present) {
    await state.putCode(new EvmAddress(hexToBytes(address)), hexToBytes(code));
  }
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
  const sealed = state.seal();
  sealed.adopt();
  const after = new LedgerState(source, sealed.root);
  return codes.map((code, nonce) => {
    const { bytes } = createContractAddress(caller, BigInt(nonce));
    return { code, storageRoot: bytesToHex(after.prove(bytes, []).account.storageRoot) };
  });
}
