import { encodeFunctionData } from 'viem/utils';
import type { Hex } from '../protocol/ids.ts';
import type { Countersigned } from './Countersigned.ts';
import { registryAbi } from './generated/registryAbi.ts';

/**
 * Calldata for `Registry.suspend`.
 *
 * @param requests - Any number, signed by authority members; each is taken or refused for itself.
 */
export function encodeSuspend(requests: readonly Countersigned<'Suspension'>[]): Hex {
  return encodeFunctionData({
    abi: registryAbi,
    functionName: 'suspend',
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
