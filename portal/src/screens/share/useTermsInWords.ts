import { useCallback } from 'react';
import type { Terms } from '../../../../src/protocol/struct/requests.ts';
import { isDeviceRight } from '../../../../src/protocol/sensors/isDeviceRight.ts';
import { useWords } from '../../words/useWords.tsx';
import { chooseTermsWords, type RecordNamed } from './chooseTermsWords.ts';

/** Terms of a right, but for its holder. */
export type TermsSaid = Omit<Terms, 'grantee' | 'salt'>;

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
      const { say, day, moment } = words;
      const list = new Intl.ListFormat(words.locale, { type: 'conjunction' });
      const actions = (['read', 'add', 'amend'] as const).filter((action) => terms[action]);
      const chosen = chooseTermsWords(terms, known);
      const kind = list.format(terms.categories.map((each) => say(`common.category-${each}`)));
      const covered = (): string => {
        if (isDeviceRight(terms)) return say('share.device', { kind });
        if (chosen.covers === 'everything') return say('share.everything');
        if (chosen.covers === 'kinds') return kind;
        const { record, title, at } = chosen;
        const dated = at === undefined ? { dated: 'no', day: '' } : { dated: 'yes', day: day(at) };
        const told = { kind, record, numbered: isListed ? 'no' : 'yes', ...dated };
        return title === undefined
          ? say('share.record-unopened', told)
          : say('share.record-known', { title, ...told });
      };
      return say(isOwn ? 'share.own-terms' : 'share.terms', {
        actions: list.format(actions.map((action) => say(`common.action-${action}`))),
        what: covered(),
        purpose: say(`common.purpose-${terms.purpose}`),
        until: moment(terms.until),
      });
    },
    [words, isOwn, isListed],
  );
}
