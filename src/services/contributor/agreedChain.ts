import type { Bytes32 } from '../../protocol/ids.ts';

/**
 * Returns the longest chain of entries whose order no faulty organisation made up: nobody contradicts it, or more
 * organisations show it than may be faulty, and no more than those contradict it. A chain that goes on where another
 * ends agrees with it.
 *
 * @param chains - Chains that the organisations that were heard show, all from one place of a log on.
 * @param faulty - Number of organisations that may be faulty.
 * @returns One of the chains; undefined if no chain has entries.
 */
export function agreedChain<Chain extends { readonly entries: readonly Bytes32[] }>(
  chains: readonly Chain[],
  faulty: number,
): Chain | undefined {
  return chains
    .filter(({ entries }) => entries.length > 0)
    .toSorted((left, right) => right.entries.length - left.entries.length)
    .find((chain) => {
      const showing = chains.filter((other) => beginsWith(other, chain)).length;
      const agreeing = chains.filter(
        (other) => beginsWith(other, chain) || beginsWith(chain, other),
      ).length;
      const against = chains.length - agreeing;
      return against === 0 || (showing > faulty && against <= faulty);
    });
}

function beginsWith(
  { entries }: { readonly entries: readonly Bytes32[] },
  start: { readonly entries: readonly Bytes32[] },
): boolean {
  return start.entries.every((entry, place) => entries[place] === entry);
}
