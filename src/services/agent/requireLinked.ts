import { malformed } from '../../errors/malformed.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import { ZERO32 } from '../../protocol/ids.ts';
import { parseSigned } from '../../protocol/struct/parseSigned.ts';
import { requireBirthLink } from '../../protocol/care/requireBirthLink.ts';
import type { Signed } from '../../protocol/struct/requests.ts';
import { signerOf } from '../../protocol/struct/signing.ts';
import type { Birth } from '../../protocol/care/vitalRecords.ts';
import type { VitalType } from '../../protocol/struct/vitalTypes.ts';
import type { ServiceContext } from '../ServiceContext.ts';

/**
 * Requires that a birth names a mother only if she permits it: she signed it with her present key, for this child and
 * this registrar, and its time lasts as long as the birth's. A birth is registered once for a child, so the permission serves once.
 *
 * @param context - The node's own view.
 * @param request - The request, authentic.
 * @param offered - The permission, not trusted.
 * @throws MedsealError `RIGHT_MISSING`, `SIGNATURE_INVALID`, `REQUEST_LATE`, `REQUEST_MALFORMED`,
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
  const link = parseSigned(offered, ['BirthLink']);
  const { handle } = link.message;
  requireBirthLink(context, birth, link, {
    controller: index.patient(handle)?.controller,
    signer: index.holderOf(signerOf(context, 'BirthLink', link.message, link.signature)),
  });
}
