import { malformed } from '../../errors/malformed.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import { ZERO32 } from '../../protocol/ids.ts';
import { requireEnrolled } from '../../protocol/judgeEvidence.ts';
import { requireActive } from '../../protocol/judgeRight.ts';
import { parseSigned } from '../../protocol/parseSigned.ts';
import type { Signed } from '../../protocol/requests.ts';
import { digestOf, signerOf } from '../../protocol/signing.ts';
import type { Birth } from '../../protocol/vitalRecords.ts';
import type { VitalType } from '../../protocol/vitalTypes.ts';
import type { ServiceContext } from '../ServiceContext.ts';

/**
 * Requires that a birth names a mother only if she permits it: she signed it with her present key, for this child and
 * this registrar, and its time has not passed. A birth is registered once for a child, so the permission serves once.
 *
 * @param context - The node's own view.
 * @param request - The request, authentic.
 * @param offered - The permission, not trusted.
 * @throws MedsealError `RIGHT_MISSING`, `SIGNATURE_INVALID`, `REQUEST_LATE`, `REQUEST_MALFORMED`, `PARTY_UNKNOWN`,
 * `PARTY_SUSPENDED`.
 */
export function requireLinked(
  context: ServiceContext,
  { type, message }: Signed<VitalType>,
  offered: unknown,
): void {
  const birth = type === 'Birth' ? (message as Birth) : undefined;
  const named = birth?.terms.link ?? ZERO32;
  if (birth === undefined || named === ZERO32) {
    if (offered !== undefined) throw malformed('link');
    return;
  }
  if (offered === undefined) throw new MedsealError('RIGHT_MISSING', {});
  const { index } = context;
  const { party, message: link, signature } = parseSigned(offered, ['BirthLink']);
  if (digestOf(context, 'BirthLink', link) !== named) throw new MedsealError('RIGHT_MISSING', {});
  const isForIt = link.child === birth.handle && link.registrar === birth.reporter;
  const isHers = index.patient(link.handle)?.controller === party && link.handle !== link.child;
  if (!isForIt || !isHers) throw new MedsealError('RIGHT_MISSING', {});
  if (signerOf(context, 'BirthLink', link, signature) !== requireEnrolled(index, party))
    throw new MedsealError('SIGNATURE_INVALID', {});
  requireActive(index, party);
  if (link.deadline < index.moment) throw new MedsealError('REQUEST_LATE', {});
}
