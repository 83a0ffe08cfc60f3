import { formerAccounts, type FormerAccount } from '../../services/enrolment/formerAccounts.ts';
import type { Succession } from '../../services/succession/Succession.ts';

/**
 * Returns the accounts that no network file names any more; none while a fork is open, whose other file may name them.
 *
 * @param succession - The network files that are known.
 * @param at - Now, Unix seconds.
 */
export function formerIn(
  { files, fork, dropped }: Pick<Succession, 'files' | 'fork' | 'dropped'>,
  at: number,
): readonly FormerAccount[] {
  return fork === undefined ? formerAccounts(files, at, dropped) : [];
}
