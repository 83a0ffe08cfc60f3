/** Runs `git` and returns what it printed; throws if that fails. */
export type Git = (...args: readonly string[]) => Promise<string>;

/** Number of commits since each of some; undefined stands for a commit that the history does not have. */
export type CommitsSince = ReadonlyMap<string, number | undefined>;

/**
 * Counts the commits since some others.
 *
 * @param commits - It counts from each.
 * @param options - `git`, and `until`: the commit up to which it counts, which is `HEAD` without it.
 * @returns Undefined if nobody can tell: without git, outside of a checkout, and in a shallow one.
 */
export async function commitsSince(
  commits: Iterable<string>,
  { git, until = 'HEAD' }: { readonly git: Git; readonly until?: string },
): Promise<CommitsSince | undefined> {
  const isShallow = await git('rev-parse', '--is-shallow-repository').catch(() => undefined);
  if (isShallow?.trim() !== 'false') return undefined;
  const count = async (commit: string): Promise<number | undefined> => {
    try {
      await git('merge-base', '--is-ancestor', commit, until);
    } catch {
      return undefined;
    }
    return Number(await git('rev-list', '--count', `${commit}..${until}`));
  };
  return new Map(
    await Promise.all(
      [...new Set(commits)].map(async (each) => [each, await count(each)] as const),
    ),
  );
}
