import { Account, Address as EvmAddress } from '@ethereumjs/util';
import type { LightLedger } from '../../consortium/LightLedger.ts';
import { bytesToHex, hexToBytes } from '../../crypto/bytes.ts';
import type { Primitives } from '../../crypto/Primitives.ts';
import type { Address, Hex } from '../../protocol/ids.ts';
import { createCommon } from '../chain/createCommon.ts';
import { CALL_GAS_LIMIT } from '../chain/limits.ts';
import { Machine } from '../chain/Machine.ts';
import { LedgerRejection } from '../LedgerRejection.ts';
import { ProvenState } from './ProvenState.ts';

/** A call of a contract, which changes nothing. */
export interface ProvenCall {
  readonly from: Address;
  readonly to: Address;
  readonly data: Hex;
}

/**
 * Runs a call of a consortium's contract here, on code and words that are proven: the ledger's endpoint is not asked what
 * the contract answers.
 *
 * @param ledger - Verifies what is read.
 * @param height - The block after which the call runs.
 * @param chainId - EIP-155 chain id.
 * @param primitives - Hashes and the curve.
 * @param call - The call.
 * @returns The contract's answer.
 * @throws MedsealError `LEDGER_REJECTED` if the contract refuses; as `LightLedger.verifiedStorage`.
 */
export async function provenCall(
  ledger: LightLedger,
  height: number,
  chainId: number,
  primitives: Primitives,
  { from, to, data }: ProvenCall,
): Promise<Hex> {
  const { header } = await ledger.verifiedHeader(height);
  const state = new ProvenState(ledger, height, primitives);
  const caller = new EvmAddress(hexToBytes(from));
  // An account of a person; nothing is read of it.
  await state.putAccount(caller, new Account());
  const machine = await Machine.create(state, createCommon(chainId, primitives), () => {
    throw new LedgerRejection(-32000, 'a call that is proven reads no hashes of blocks');
  });
  const { exceptionError, returnValue } = await machine.call({
    block: machine.block({ number: height, timestamp: header.time.seconds }),
    caller,
    to: new EvmAddress(hexToBytes(to)),
    data: hexToBytes(data),
    gasLimit: BigInt(CALL_GAS_LIMIT),
  });
  const answer = bytesToHex(returnValue);
  if (exceptionError === undefined) return answer;
  if (exceptionError.error === 'revert') throw new LedgerRejection(3, 'execution reverted', answer);
  throw new LedgerRejection(-32000, exceptionError.error);
}
