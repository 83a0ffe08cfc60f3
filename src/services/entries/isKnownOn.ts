import { digestOf } from '../../protocol/struct/signing.ts';
import type { EvidenceType, Grant, Signed } from '../../protocol/struct/requests.ts';
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
  opening: Grant | undefined,
): boolean {
  const { handle, grant } = message;
  if (context.index.patient(handle)?.controller === party) return true;
  if (opening?.terms.grantee !== party) return false;
  if (context.index.grant(grant)?.handle !== handle) return false;
  return digestOf(context, 'Grant', opening) === grant;
}
