import { malformed } from '../../../errors/malformed.ts';
import type { Submission } from '../../../protocol/AgentPort.ts';
import { claimTermsOf } from '../../../protocol/care/claimTermsOf.ts';
import type { InsuranceClaim } from '../../../protocol/care/claims.ts';
import { judgeRight } from '../../../protocol/rights/judgeRight.ts';
import { CLAIM_PURPOSE, mostClaimRight } from '../../../protocol/care/mostClaimRight.ts';
import type { Grant, Write } from '../../../protocol/struct/requests.ts';
import { digestOf } from '../../../protocol/struct/signing.ts';
import type { ServiceContext } from '../../ServiceContext.ts';

/**
 * Requires that the patient lets the insurer read exactly the records that a claim rests on, each by a right to that one
 * record, for payment, which holds no longer than a claim can take.
 *
 * @param context - The node's own view.
 * @param submission - Not trusted.
 * @param claim - The claim.
 * @param writes - The writes of its records.
 * @throws MedsealError `REQUEST_MALFORMED` for `openings`; `RIGHT_MISSING`, `RIGHT_ENDED`.
 */
export function requireInsurerReads(
  context: ServiceContext,
  { openings = [] }: Submission,
  { terms, insurer }: InsuranceClaim,
  writes: readonly Write[],
): void {
  const { index, network } = context;
  const records = new Map(writes.map((write) => [write.record, write.category]));
  const byRecord = new Map<string, Grant>();
  for (const opening of openings) byRecord.set(opening.terms.record, opening);
  const isExact =
    byRecord.size === openings.length &&
    byRecord.size === records.size &&
    openings.every(({ terms: { record } }) => records.has(record));
  if (!isExact) throw malformed('openings');
  for (const opening of openings) {
    const { record, until, add, amend, categories } = opening.terms;
    const category = records.get(record);
    const isNarrow = !add && !amend && categories.length === 1;
    const isShort = until <= index.moment + mostClaimRight(claimTermsOf(network));
    if (!isNarrow || !isShort) throw malformed('openings');
    judgeRight(context, index, {
      party: insurer,
      handle: terms.handle,
      action: 'read',
      ...(category !== undefined && { category }),
      record,
      purpose: CLAIM_PURPOSE,
      grant: digestOf(context, 'Grant', opening),
      opening,
      at: index.moment,
    });
  }
}
