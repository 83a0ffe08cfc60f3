import type { Acknowledgement } from '../../../protocol/evidence/evidence.ts';
import type { ClaimPrepared } from './prepareClaim.ts';

/**
 * Returns the entries of a claim's file that the claim does not name. The file of an answer to an insurer that asked for more
 * has some; that of the claim itself has none.
 *
 * @param prepared - From a file, not trusted.
 * @example
 * ```ts
 * const isAnswer = furtherEntries(prepared).length > 0;
 * console.log(isAnswer ? 'It answers an insurer that asked for more.' : 'It is the claim itself.');
 * ```
 */
export function furtherEntries({
  message: { terms },
  entries,
}: Pick<ClaimPrepared, 'message' | 'entries'>): readonly Acknowledgement[] {
  const named = new Set([terms.entry, ...terms.records]);
  return entries.filter(({ entry }) => !named.has(entry));
}
