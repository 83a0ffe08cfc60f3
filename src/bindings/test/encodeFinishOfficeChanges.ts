import { encodeFunctionData } from 'viem/utils';
import type { Hex } from '../../protocol/ids.ts';
import type { OfficeChange } from '../../protocol/requests.ts';
import { registryAbi } from '../generated/registryAbi.ts';

/**
 * Calldata for `Registry.finishOfficeChanges`, which anyone may send once the delay has passed.
 *
 * @param changes - Changes that were signed; each is taken or refused for itself.
 */
export function encodeFinishOfficeChanges(changes: readonly OfficeChange[]): Hex {
  return encodeFunctionData({
    abi: registryAbi,
    functionName: 'finishOfficeChanges',
    args: [
      changes.map((change) => ({
        ...change,
        change: BigInt(change.change),
        deadline: BigInt(change.deadline),
      })),
    ],
  });
}
