import { ZERO32, type RecordId } from '../../../../src/protocol/ids.ts';
import type { TermsChosen } from './ChooseTerms.tsx';
import type { TermsSaid } from './coveredInWords.ts';

/**
 * Returns the terms that somebody chose, to be put into a sentence before they are signed.
 *
 * @param chosen - Categories, actions and purpose.
 * @param until - First second at which the right no longer holds.
 * @param record - The one record that it covers; every one of the categories if absent.
 */
export function termsSaid(
  { categories, actions, purpose }: TermsChosen,
  until: number,
  record: RecordId = ZERO32,
): TermsSaid {
  return {
    categories,
    record,
    read: actions.includes('read'),
    add: actions.includes('add'),
    amend: actions.includes('amend'),
    purpose,
    from: 0,
    until,
  };
}
