import { mandatesOn } from '../../protocol/rights/judgeMandate.ts';
import {
  digestOfOpening,
  holderOf,
  type RightOpening,
} from '../../protocol/rights/RightOpening.ts';
import type { Bytes32, Handle } from '../../protocol/ids.ts';
import type { EvidenceType, Signed } from '../../protocol/struct/requests.ts';
import type { ServiceContext } from '../ServiceContext.ts';

/**
 * Tells whether a party has, or had, a right on the chart that it asks about: it is the chart's patient, or shows a grant that
 * the patient gave it, ended or not.
 *
 * @param context - The organisation's view.
 * @param request - The request, its signature verified.
 * @param opening - The grant's opening, not trusted.
 */
export function isKnownOn(
  context: Pick<ServiceContext, 'index' | 'domain' | 'primitives'>,
  { party, message }: Pick<Signed<EvidenceType>, 'party' | 'message'>,
  opening: RightOpening | undefined,
): boolean {
  const { handle, grant } = message;
  if (context.index.patient(handle)?.controller === party) return true;
  if (opening === undefined || holderOf(opening) !== party) return false;
  if (!isGivenOn(context.index, handle, grant)) return false;
  return digestOfOpening(context, opening) === grant;
}

/**
 * Tells whether the ledger has a grant or a mandate on a chart, ended or not.
 *
 * @param index - The organisation's view.
 * @param handle - The chart.
 * @param digest - Its digest.
 */
export function isGivenOn(
  index: Pick<ServiceContext['index'], 'grant' | 'patient'>,
  handle: Handle,
  digest: Bytes32,
): boolean {
  if (index.grant(digest)?.handle === handle) return true;
  return mandatesOn(index, handle).some(({ mandate }) => mandate === digest);
}
