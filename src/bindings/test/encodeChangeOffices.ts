import { encodeFunctionData } from 'viem/utils';
import type { Hex } from '../../protocol/ids.ts';
import type { Countersigned } from '../Countersigned.ts';
import { registryAbi } from '../generated/registryAbi.ts';

/**
 * Calldata for `Registry.changeOffices`.
 *
 * @param requests - Any number, signed by those who hold the office now; each is taken or refused for itself.
 */
export function encodeChangeOffices(requests: readonly Countersigned<'OfficeChange'>[]): Hex {
  return encodeFunctionData({
    abi: registryAbi,
    functionName: 'changeOffices',
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
