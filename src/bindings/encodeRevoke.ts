import { encodeFunctionData } from 'viem/utils';
import type { Hex } from '../protocol/ids.ts';
import type { Signed } from '../protocol/requests.ts';
import { consentAbi } from './generated/consentAbi.ts';

/**
 * Calldata for `Consent.revoke`.
 *
 * @param requests - Any number; each is taken or refused for itself.
 */
export function encodeRevoke(requests: readonly Signed<'Revoke'>[]): Hex {
  return encodeFunctionData({
    abi: consentAbi,
    functionName: 'revoke',
    args: [
      requests.map(({ message }) => ({
        ...message,
        epoch: BigInt(message.epoch),
        deadline: BigInt(message.deadline),
      })),
      requests.map(({ signature }) => signature),
    ],
  });
}
