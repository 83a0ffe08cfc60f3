import { rightFor, type Chart } from '../../../../src/client/index.ts';
import { MedsealError } from '../../../../src/errors/MedsealError.ts';
import type { Handle } from '../../../../src/protocol/ids.ts';
import { chartIn, ownChart } from '../../session/charts.ts';
import type { Session } from '../../session/Session.ts';

/**
 * Returns the chart that a claim is about, as it is now: the person's own, or another's by the right to add bills to it.
 *
 * @param session - Patient or claimant.
 * @param handle - The chart.
 * @throws MedsealError `RIGHT_MISSING` without that right, and what `readChart` throws.
 */
export async function chartOfClaim(session: Session, handle: Handle): Promise<Chart> {
  if (handle === session.handle) return await ownChart(session, true);
  const right = await rightFor(session.party, { handle, action: 'add', category: 'billing' });
  if (right === undefined) throw new MedsealError('RIGHT_MISSING', {});
  const { grant } = right;
  return await chartIn(session, { handle, grant, purpose: grant.terms.purpose }, true);
}
