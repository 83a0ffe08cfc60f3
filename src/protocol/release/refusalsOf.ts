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

/**
 * Finds the reason for which nobody will release shares for a view: one that cannot pass, of so many organisations that the others
 * are too few. One organisation alone is not believed, for it may lie.
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
  const final = refusals.filter(({ retry }) => !retry);
  return final.find(({ code }) => final.filter((each) => each.code === code).length >= enough);
}
