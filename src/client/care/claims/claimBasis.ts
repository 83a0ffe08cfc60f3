import { ZERO32, type Address } from '../../../protocol/ids.ts';
import type { Party } from '../../party/Party.ts';
import { newestOfEach } from '../../records/newestOfEach.ts';
import type { ChartRecord } from '../../records/viewChart.ts';
import type { ClaimListed } from './readClaims.ts';

/** Facts on which a claim that is to be made rests. */
export interface ClaimBasis {
  /** The newest claim for the same treatment, which the new one has to follow. */
  readonly before?: ClaimListed;
  /** Hundredths that insurers approved for the treatment so far. */
  readonly approved: number;
  /** True if another party treated, whose signed bill the claim needs. */
  readonly needsBill: boolean;
  /** An authorisation of the insurer that is left to use. */
  readonly authorisation?: ClaimListed;
}

/** Records of a chart by what a claim can name them as. */
export type RecordsForClaim = Readonly<
  Record<'treatments' | 'policies' | 'others', readonly ChartRecord[]>
>;

/**
 * Tells what a claim for a treatment rests on, by what is known of earlier claims.
 *
 * @param party - The claimant.
 * @param claims - All claims that it knows, of `listClaims`.
 * @param wanted - First version of the treatment's first record, and the insurer as far as it is chosen.
 * @example
 * ```ts
 * const { claims } = await listClaims(patient);
 * const basis = claimBasis(patient, claims, { first: record, insurer: insurer.address });
 * console.log(`${basis.approved} were approved before.`);
 * ```
 */
export function claimBasis(
  { address }: Pick<Party, 'address'>,
  claims: readonly ClaimListed[],
  { first, insurer }: { readonly first: ChartRecord; readonly insurer?: Address | undefined },
): ClaimBasis {
  const same = claims.filter(({ message }) => {
    return message.terms.entry === first.acknowledgement.entry;
  });
  // The newest is the one that no other follows.
  const before = same.find(({ digest }) => same.every(({ message }) => message.follows !== digest));
  const { before: earlier = 0, approved = 0 } = before?.facts ?? {};
  const authorisation = claims.findLast(({ message, facts }) => {
    const isLeft = message.treatment === ZERO32 && facts.state === 'approved';
    return isLeft && message.insurer === insurer && message.terms.claimant === address;
  });
  return {
    ...(before && { before }),
    approved: earlier + approved,
    // Only whoever treated signs what it costs.
    needsBill: first.author !== address,
    ...(authorisation && { authorisation }),
  };
}

/**
 * Sorts the records of a chart by what a claim can name them as: treatments, visits first; policies of insurers; and all that
 * it can rest on. Each record stands in its newest version, the latest first.
 *
 * @param records - All versions.
 * @param patient - The patient's address, if it is known.
 * @example
 * ```ts
 * const { treatments, policies } = recordsForClaim(chart.records, patient.address);
 * console.log(`${treatments.length} treatments, ${policies.length} policies`);
 * ```
 */
export function recordsForClaim(
  records: readonly ChartRecord[],
  patient?: Address,
): RecordsForClaim {
  const own = new Set(
    records.flatMap(({ record, version, author }) => {
      return version === 1 && author === patient ? [record] : [];
    }),
  );
  const newest = newestOfEach(records).toReversed();
  const others = newest.filter(({ category }) => category !== 'billing' && category !== 'coverage');
  return {
    // Nodes take no record for a treatment that the patient wrote.
    treatments: others
      .filter(({ record }) => !own.has(record))
      .toSorted(
        (a, b) => Number(b.category === 'encounters') - Number(a.category === 'encounters'),
      ),
    policies: newest.filter(({ category }) => category === 'coverage'),
    others,
  };
}
