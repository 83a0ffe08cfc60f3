import { encodeFunctionData } from 'viem/utils';
import type { Hex } from '../protocol/ids.ts';
import type { Signed } from '../protocol/requests.ts';
import { consentAbi } from './generated/consentAbi.ts';

/**
 * Calldata for `Consent.commitEpochs`.
 *
 * @param requests - Any number; each is taken or refused for itself.
 */
export function encodeCommitEpochs(requests: readonly Signed<'CommitEpochs'>[]): Hex {
  return encodeFunctionData({
    abi: consentAbi,
    functionName: 'commitEpochs',
    args: [
      requests.map(({ message }) => ({
        ...message,
        first: BigInt(message.first),
        count: BigInt(message.count),
        deadline: BigInt(message.deadline),
      })),
      requests.map(({ signature }) => signature),
    ],
  });
}
