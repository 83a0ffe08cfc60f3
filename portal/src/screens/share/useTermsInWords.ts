import { useCallback } from 'react';
import { useWords } from '../../words/useWords.tsx';
import type { RecordNamed } from './chooseTermsWords.ts';
import { coveredInWords, type TermsSaid } from './coveredInWords.ts';

/** Puts a right into a sentence; of a right on one record, with what the device knows of that record. */
export type TermsInWords = (terms: TermsSaid, known?: RecordNamed) => string;

/**
 * Returns what puts a right into a sentence: what its holder may do, with which records, why and until when.
 *
 * @param isOwn - True if the person is its holder: the sentence says "you".
 * @param isListed - True if it stands and is only listed: the number of its one record is left out, which a person
 * needs who signs it.
 */
export function useTermsInWords(isOwn = false, isListed = false): TermsInWords {
  const words = useWords();
  return useCallback(
    (terms, known) => {
      const { say, moment } = words;
      const list = new Intl.ListFormat(words.locale, { type: 'conjunction' });
      const actions = (['read', 'add', 'amend'] as const).filter((action) => terms[action]);
      return say(isOwn ? 'share.own-terms' : 'share.terms', {
        actions: list.format(actions.map((action) => say(`common.action-${action}`))),
        what: coveredInWords(words, terms, known, isListed),
        purpose: say(`common.purpose-${terms.purpose}`),
        until: moment(terms.until),
      });
    },
    [words, isOwn, isListed],
  );
}
