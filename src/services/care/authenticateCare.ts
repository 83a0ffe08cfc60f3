import { MedsealError } from '../../errors/MedsealError.ts';
import { authorOf, CARE_TYPES, roleFits } from '../../protocol/struct/ledgerRequests.ts';
import { requireEnrolled } from '../../protocol/evidence/judgeEvidence.ts';
import { parseSigned } from '../../protocol/struct/parseSigned.ts';
import type { Signed, CareType } from '../../protocol/struct/requests.ts';
import { requireSignature } from '../requireSignature.ts';
import type { ServiceContext } from '../ServiceContext.ts';

/**
 * Checks that a request of care is signed by the party that it names, in the role that it needs.
 *
 * @param context - The node's own view.
 * @param value - Not trusted.
 * @param keys - `ever` to take a former key of the party too, for what was deposited while it was the present one.
 * @throws MedsealError `REQUEST_MALFORMED`, `PARTY_UNKNOWN`, `RIGHT_MISSING`, `SIGNATURE_INVALID`.
 */
export function authenticateCare(
  context: ServiceContext,
  value: unknown,
  keys: 'present' | 'ever' = 'present',
): Signed<CareType> {
  const { index } = context;
  const request = parseSigned(value, CARE_TYPES);
  const { party, type } = request;
  const present = requireEnrolled(index, party);
  requireSignature(context, request, request.signature, (key) =>
    keys === 'ever' ? index.signersOf(party).includes(key) : key === present,
  );
  const hasRole = roleFits(type, index.party(party)?.role);
  const namesItself = (authorOf(request) ?? party) === party;
  if (!hasRole || !namesItself) throw new MedsealError('RIGHT_MISSING', {});
  return request;
}
