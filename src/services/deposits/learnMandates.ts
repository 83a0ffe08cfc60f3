import { malformed } from '../../errors/malformed.ts';
import { MOST_ACTING, type Mandate } from '../../protocol/care/mandates.ts';
import type { Bytes32, Handle } from '../../protocol/ids.ts';
import { mandatesOn } from '../../protocol/rights/judgeMandate.ts';
import { parseMessage } from '../../protocol/struct/parseSigned.ts';
import { digestOf, type SigningContext } from '../../protocol/struct/signing.ts';
import type { ServiceContext } from '../ServiceContext.ts';

/** Exact end of a mandate, which the ledger hides. */
export interface MandateEnd {
  /** Digest of its opening. */
  readonly mandate: Bytes32;
  /** Unix seconds. */
  readonly until: number;
}

/**
 * Learns the exact ends of mandates from their openings: from then on the node takes nothing that their keys sign later.
 *
 * @param context - The node's own view.
 * @param openings - Openings; those of mandates that the ledger does not have teach nothing.
 * @returns The ends that were learned, for the store.
 */
export function learnMandates(
  context: Pick<ServiceContext, 'index'> & SigningContext,
  openings: readonly Mandate[],
): readonly MandateEnd[] {
  const { index } = context;
  return openings.flatMap((opening) => {
    const mandate = digestOf(context, 'Mandate', opening);
    const isKnown = mandatesOn(index, opening.handle).some((each) => each.mandate === mandate);
    if (!isKnown) return [];
    const { until } = opening.terms;
    index.noteExactEnd(mandate, until);
    return [{ mandate, until }];
  });
}

/** Openings of mandates that came with a rule. */
export interface MandatesLearned {
  /** Those of mandates that the ledger has on the rule's chart; no other is kept. */
  readonly openings: readonly Mandate[];
  readonly exactEnds: readonly MandateEnd[];
}

/**
 * Learns from the openings of mandates that come with a rule: only those of the rule's own chart may.
 *
 * @param context - The node's own view.
 * @param submission - Not trusted.
 * @param handle - Chart of the rule.
 * @throws MedsealError `REQUEST_MALFORMED`.
 */
export function learnFrom(
  context: Pick<ServiceContext, 'index'> & SigningContext,
  { mandates = [] }: { readonly mandates?: unknown },
  handle: Handle,
): MandatesLearned {
  if (!Array.isArray(mandates) || mandates.length > MOST_ACTING) throw malformed('mandates');
  const openings = mandates.map((each) => parseMessage('Mandate', each));
  if (openings.some((each) => each.handle !== handle)) throw malformed('mandates');
  const exactEnds = learnMandates(context, openings);
  const learned = new Set(exactEnds.map(({ mandate }) => mandate));
  const isLearned = (each: Mandate): boolean => learned.has(digestOf(context, 'Mandate', each));
  return { openings: openings.filter(isLearned), exactEnds };
}
