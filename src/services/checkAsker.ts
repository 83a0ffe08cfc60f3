import { authenticate } from '../protocol/evidence/judgeEvidence.ts';
import { requireActive } from '../protocol/rights/judgeRight.ts';
import { parseSigned } from '../protocol/struct/parseSigned.ts';
import type { Signed } from '../protocol/struct/requests.ts';
import { requireTimely } from '../protocol/evidence/requireTimely.ts';
import type { ServiceContext } from './ServiceContext.ts';

/**
 * Checks that an active party asks for what is its own, such as its letters, its rights or news to its browsers.
 *
 * @param context - The node's own view.
 * @param offered - Not trusted.
 * @param type - The request that may come this way.
 * @throws MedsealError `PARTY_UNKNOWN`, `PARTY_SUSPENDED`, `SIGNATURE_INVALID`, `REQUEST_LATE`, `REQUEST_EARLY`,
 * `REQUEST_MALFORMED`.
 */
export function checkAsker<Type extends 'Collect' | 'FindRights' | 'Notify'>(
  context: ServiceContext,
  offered: unknown,
  type: Type,
): Signed<Type> {
  const { index } = context;
  const request = parseSigned(offered, [type]);
  authenticate(context, index, request);
  requireActive(index, request.party);
  requireTimely(request.message.deadline, index.moment);
  return request;
}
