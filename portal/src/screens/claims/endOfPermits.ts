import type { Party } from '../../../../src/client/index.ts';
import { claimTermsOf } from '../../../../src/protocol/care/claimTermsOf.ts';
import { seconds } from '../../../../src/protocol/Clock.ts';
import { longestRightOf } from '../../../../src/protocol/network/longestRightOf.ts';
import { mostClaimRight } from '../../../../src/protocol/care/mostClaimRight.ts';

/**
 * Returns the latest second at which rights for a claim end that are given now, Unix seconds.
 *
 * @param party - The patient.
 */
export function endOfPermits({ network, clock }: Party): number {
  const longest = Math.min(mostClaimRight(claimTermsOf(network)), longestRightOf(network));
  return seconds(clock) + longest;
}
