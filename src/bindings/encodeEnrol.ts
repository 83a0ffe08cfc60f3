import { encodeFunctionData } from 'viem/utils';
import type { Hex } from '../protocol/ids.ts';
import type { Enrolment } from '../protocol/requests.ts';
import { registryAbi } from './generated/registryAbi.ts';

/** An enrolment with the signatures of authority members under it. */
export interface SignedEnrolment {
  readonly enrolment: Enrolment;
  /** In ascending order of the signers' addresses. */
  readonly signatures: readonly Hex[];
}

/**
 * Calldata for `Registry.enrol`.
 *
 * @param enrolments - Any number; each is taken or refused for itself.
 */
export function encodeEnrol(enrolments: readonly SignedEnrolment[]): Hex {
  return encodeFunctionData({
    abi: registryAbi,
    functionName: 'enrol',
    args: [
      enrolments.map(({ enrolment }) => ({ ...enrolment, deadline: BigInt(enrolment.deadline) })),
      enrolments.map(({ signatures }) => signatures),
    ],
  });
}
