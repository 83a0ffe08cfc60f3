/**
 * Tells whether k of n organisations are a quorum if f of them may be faulty: 2k > n + f, so any two sets of k share
 * one that is not faulty.
 *
 * @param count - k.
 * @param of - n, and f.
 */
export function isQuorum(
  count: number,
  { organisations, faulty }: { readonly organisations: number; readonly faulty: number },
): boolean {
  return count <= organisations && 2 * count > organisations + faulty;
}
