import { isMedsealError } from '../../errors/isMedsealError.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import type { EvidenceSupport } from '../../protocol/evidence/judgeEvidence.ts';
import { judgePairs, type PairSources } from '../entries/judgePairs.ts';
import type { ServiceContext } from '../ServiceContext.ts';
import type { Claims } from './Claims.ts';
import type { ExaminedBody } from './examineBody.ts';

/**
 * Finds record versions of an accepted set of views that are judged otherwise here: a record that an agent leaves out though
 * the right covers it would be refused under coordinators' signatures. One whose entry is on its way is not left out.
 *
 * @param context - The organisation's context.
 * @param sources - Logs, claims and erasures.
 * @param examined - The body with its list.
 * @param support - The list, with openings; not trusted.
 * @returns Places in the list; none for any other body.
 */
export async function disputedPairs(
  context: ServiceContext,
  sources: PairSources & { readonly claims: Claims },
  { set, at, pairs: named = [] }: ExaminedBody,
  support: EvidenceSupport,
): Promise<readonly number[]> {
  if (set === undefined) return [];
  const { pairs = [] } = support;
  const { handle } = set.message;
  const judged = await judgePairs(context, sources, set, support, pairs, at);
  const judging = pairs.map(async (pair, nth) => {
    const isLeft = named[nth]?.isAccepted === false;
    const reason = judged[nth];
    if (!(reason instanceof MedsealError)) return isLeft;
    if (!isLeft) return true;
    if (!isMedsealError(reason, 'NOT_FOUND')) return false;
    return (await sources.claims.holderOf({ handle, ...pair })) !== undefined;
  });
  return (await Promise.all(judging)).flatMap((isOther, nth) => (isOther ? [nth] : []));
}
