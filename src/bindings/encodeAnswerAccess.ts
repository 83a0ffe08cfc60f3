import { encodeFunctionData } from 'viem/utils';
import type { Hex } from '../protocol/ids.ts';
import type { Signed } from '../protocol/requests.ts';
import { consentAbi } from './generated/consentAbi.ts';

/**
 * Calldata for `Consent.answerAccess`.
 *
 * @param requests - Any number, signed by the patients; each is taken or refused for itself.
 */
export function encodeAnswerAccess(requests: readonly Signed<'AccessAnswer'>[]): Hex {
  return encodeFunctionData({
    abi: consentAbi,
    functionName: 'answerAccess',
    args: [
      requests.map(({ message }) => ({
        ...message,
        deadline: BigInt(message.deadline),
      })),
      requests.map(({ signature }) => signature),
    ],
  });
}
