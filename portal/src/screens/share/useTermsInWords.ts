import { useCallback } from 'react';
import { ZERO32 } from '../../../../src/protocol/ids.ts';
import type { Terms } from '../../../../src/protocol/requests.ts';
import { ORDINARY_CATEGORIES } from '../../../../src/protocol/vocabulary.ts';
import { useWords } from '../../words/useWords.tsx';

/** Terms of a right, but for its holder. */
export type TermsSaid = Omit<Terms, 'grantee' | 'salt'>;

/** Returns what puts a right into a sentence: what its holder may do, with which records, why and until when. */
export function useTermsInWords(): (terms: TermsSaid) => string {
  const words = useWords();
  return useCallback(
    (terms) => {
      const { say, moment } = words;
      const list = new Intl.ListFormat(words.language, { type: 'conjunction' });
      const actions = (['read', 'add', 'amend'] as const).filter((action) => terms[action]);
      const isAll = ORDINARY_CATEGORIES.every((each) => terms.categories.includes(each));
      const kinds = terms.categories.map((each) => say(`common.category-${each}`));
      const what =
        terms.record !== ZERO32
          ? say('share.one-record', { kind: list.format(kinds) })
          : isAll
            ? say('share.everything')
            : list.format(kinds);
      return say('share.terms', {
        actions: list.format(actions.map((action) => say(`common.action-${action}`))),
        what,
        purpose: say(`common.purpose-${terms.purpose}`),
        until: moment(terms.until),
      });
    },
    [words],
  );
}
