import { encodeFunctionData } from 'viem/utils';
import type { Hex } from '../protocol/ids.ts';
import type { Countersigned } from './Countersigned.ts';
import { consentAbi } from './generated/consentAbi.ts';

/**
 * Calldata for `Consent.noteAccess`.
 *
 * @param requests - Any number, signed by coordinators; each is taken or refused for itself.
 */
export function encodeNoteAccess(requests: readonly Countersigned<'AccessNotice'>[]): Hex {
  return encodeFunctionData({
    abi: consentAbi,
    functionName: 'noteAccess',
    args: [
      requests.map(({ message }) => ({
        ...message,
        deadline: BigInt(message.deadline),
      })),
      requests.map(({ signatures }) => signatures),
    ],
  });
}
