import { isMedsealError } from '../../../../src/client/index.ts';
import type { Words } from '../../words/useWords.tsx';

/**
 * Says why the ledger refused a claim or a step of one, and what to do.
 *
 * @param words - The person's words.
 * @param error - The failure.
 * @param act - The step, if a reason means something else in it.
 * @returns Undefined if there are no words of their own for it.
 */
export function refusalOfClaim(
  { sayIfKnown }: Pick<Words, 'sayIfKnown'>,
  error: unknown,
  act: string = '',
): string | undefined {
  const reason = isMedsealError(error, 'RULE_REFUSED') ? error.values.reason : '';
  return sayIfKnown(`claims.refused-${act}-${reason}`) ?? sayIfKnown(`claims.refused-${reason}`);
}
