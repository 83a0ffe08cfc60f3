import { fromProblem } from '../../errors/fromProblem.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import type { Bytes32 } from '../ids.ts';
import type { ReleasedShares } from './ReleasedShares.ts';
import type { ChannelKey } from './releaseKeyOf.ts';

/**
 * Returns why a coordinator releases nothing for some views, by their names. Nobody signed that.
 *
 * @param released - Its answer, whose statement holds.
 */
export function refusalsOf({
  entries,
  refused,
}: ReleasedShares): ReadonlyMap<Bytes32, MedsealError> {
  const given: unknown = refused;
  const problems = Array.isArray(given) ? (given as readonly unknown[]) : [];
  const named = problems.map((each): [Bytes32, MedsealError] => {
    const { entry, problem } = (each ?? {}) as { entry?: Bytes32; problem?: unknown };
    return [entry ?? '0x', fromProblem(problem)];
  });
  return new Map(named.filter(([entry]) => !entries.includes(entry)));
}

/** Reasons that are of a view or its log; any other is a trouble of the call or of one organisation, and refuses nothing for good. */
const REASONS: readonly string[] = [
  'PARTY_SUSPENDED',
  'PARTY_UNKNOWN',
  'RIGHT_MISSING',
  'RIGHT_ENDED',
  'LOG_CLOSED',
  'LOG_ENDED',
  'EVIDENCE_INVALID',
  'RECORD_ERASED',
];

const DIFFERENT = 'organisations refuse it, each for another reason';

/**
 * Finds the reason for which nobody will release shares for a view: so many organisations refuse it for good that the others are
 * too few, each for a reason of its own. A reason that two of them give is told. One organisation alone is not believed, for it may lie.
 *
 * @param key - The channel's release key.
 * @param refusals - The refusal of each organisation that gave one.
 * @returns Undefined if others may release it, or it may be released later.
 */
export function finalRefusal(
  { indices: { size }, threshold }: Pick<ChannelKey, 'indices' | 'threshold'>,
  refusals: readonly MedsealError[],
): MedsealError | undefined {
  const enough = Math.min(size, Math.max(2, size - threshold + 1));
  const final = refusals.filter(({ code }) => REASONS.includes(code));
  if (final.length < enough) return undefined;
  const votes = ({ code }: MedsealError): number =>
    final.filter((each) => each.code === code).length;
  const [told] = final
    .filter((each) => votes(each) >= Math.min(size, 2))
    .toSorted(
      (one, other) =>
        votes(other) - votes(one) || REASONS.indexOf(one.code) - REASONS.indexOf(other.code),
    );
  return told ?? new MedsealError('EVIDENCE_INVALID', { reason: DIFFERENT });
}
