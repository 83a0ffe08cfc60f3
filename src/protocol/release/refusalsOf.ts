import { catalogue } from '../../errors/catalogue.ts';
import { fromProblem } from '../../errors/fromProblem.ts';
import type { MedsealError } from '../../errors/MedsealError.ts';
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

/** Codes of a wrong answer, which refuses nothing. */
const WRONG: readonly string[] = ['PEER_MALFORMED', 'PEER_UNAUTHENTIC'];
/** All codes, in the order in which one of equally many reasons is told: what a reader can mend is before an erasure. */
const CODES = Object.keys(catalogue);

/**
 * Finds the reason for which nobody will release shares for a view: so many organisations refuse it for good that the others are
 * too few, each for a reason of its own. Most of them decide which one is told. One organisation alone is not believed, for it may lie.
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
  const final = refusals.filter(({ code, retry }) => !retry && !WRONG.includes(code));
  if (final.length < enough) return undefined;
  const votes = ({ code }: MedsealError): number =>
    final.filter((each) => each.code === code).length;
  const [told] = final.toSorted(
    (one, other) =>
      votes(other) - votes(one) || CODES.indexOf(one.code) - CODES.indexOf(other.code),
  );
  return told;
}
