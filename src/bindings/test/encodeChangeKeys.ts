import { encodeFunctionData } from 'viem/utils';
import type { Hex } from '../../protocol/ids.ts';
import type { Signed } from '../../protocol/requests.ts';
import { registryAbi } from '../generated/registryAbi.ts';

/** A change of key with the signatures of both keys. */
export interface SignedKeyChange extends Signed<'KeyChange'> {
  /** The signature of the key to come; `signature` is that of the present one. */
  readonly newSignature: Hex;
}

/**
 * Calldata for `Registry.changeKeys`.
 *
 * @param requests - Any number; each is taken or refused for itself.
 */
export function encodeChangeKeys(requests: readonly SignedKeyChange[]): Hex {
  return encodeFunctionData({
    abi: registryAbi,
    functionName: 'changeKeys',
    args: [
      requests.map(({ message }) => ({
        ...message,
        change: BigInt(message.change),
        deadline: BigInt(message.deadline),
      })),
      requests.map(({ signature, newSignature }) => [signature, newSignature] as const),
    ],
  });
}
