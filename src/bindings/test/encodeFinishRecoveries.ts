import { encodeFunctionData } from 'viem/utils';
import type { Address, Hex } from '../../protocol/ids.ts';
import { registryAbi } from '../generated/registryAbi.ts';

/**
 * Calldata for `Registry.finishRecoveries`, which anyone may send once the delay has passed.
 *
 * @param parties - Any number; each is taken or refused for itself.
 */
export function encodeFinishRecoveries(parties: readonly Address[]): Hex {
  return encodeFunctionData({
    abi: registryAbi,
    functionName: 'finishRecoveries',
    args: [parties],
  });
}
