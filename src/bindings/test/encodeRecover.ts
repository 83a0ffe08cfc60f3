import { encodeFunctionData } from 'viem/utils';
import type { Hex } from '../../protocol/ids.ts';
import type { Countersigned } from '../Countersigned.ts';
import { registryAbi } from '../generated/registryAbi.ts';

/**
 * Calldata for `Registry.recover`.
 *
 * @param requests - Any number, signed by authority members; each is taken or refused for itself.
 */
export function encodeRecover(requests: readonly Countersigned<'Recovery'>[]): Hex {
  return encodeFunctionData({
    abi: registryAbi,
    functionName: 'recover',
    args: [
      requests.map(({ message }) => ({
        ...message,
        change: BigInt(message.change),
        deadline: BigInt(message.deadline),
      })),
      requests.map(({ signatures }) => signatures),
    ],
  });
}
