import type { Submission } from '../../../protocol/AgentPort.ts';
import type { ClaimCheck } from '../../../protocol/claims.ts';
import type { Signed } from '../../../protocol/requests.ts';
import { digestOf } from '../../../protocol/signing.ts';
import type { ServiceContext } from '../../ServiceContext.ts';

/**
 * Returns what coordinators sign of a claim or a supplement that they vouch for.
 *
 * @param context - Domain and hashes.
 * @param submission - The claim or supplement, well formed.
 */
export function claimCheckOf(
  context: Pick<ServiceContext, 'domain' | 'primitives'>,
  { request }: Submission,
): ClaimCheck {
  const { type, message } = request as Signed<'InsuranceClaim'>;
  return { request: digestOf(context, type, message) };
}
