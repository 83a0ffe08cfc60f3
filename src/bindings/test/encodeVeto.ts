import { encodeFunctionData } from 'viem/utils';
import type { Hex } from '../../protocol/ids.ts';
import type { Signed } from '../../protocol/requests.ts';
import { registryAbi } from '../generated/registryAbi.ts';

/**
 * Calldata for `Registry.veto`.
 *
 * @param requests - Any number, signed with the present keys of the parties; each is taken or refused for itself.
 */
export function encodeVeto(requests: readonly Signed<'Veto'>[]): Hex {
  return encodeFunctionData({
    abi: registryAbi,
    functionName: 'veto',
    args: [
      requests.map(({ message }) => ({
        ...message,
        change: BigInt(message.change),
        deadline: BigInt(message.deadline),
      })),
      requests.map(({ signature }) => signature),
    ],
  });
}
