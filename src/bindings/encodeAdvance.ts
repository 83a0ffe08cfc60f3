import { encodeFunctionData } from 'viem/utils';
import type { Hex } from '../protocol/ids.ts';
import type { Countersigned } from './Countersigned.ts';
import { consentAbi } from './generated/consentAbi.ts';

/**
 * Calldata for `Consent.advance`.
 *
 * @param requests - Any number, signed by coordinators; each is taken or refused for itself.
 */
export function encodeAdvance(requests: readonly Countersigned<'Advance'>[]): Hex {
  return encodeFunctionData({
    abi: consentAbi,
    functionName: 'advance',
    args: [
      requests.map(({ message }) => ({
        ...message,
        epoch: BigInt(message.epoch),
        deadline: BigInt(message.deadline),
      })),
      requests.map(({ signatures }) => signatures),
    ],
  });
}
