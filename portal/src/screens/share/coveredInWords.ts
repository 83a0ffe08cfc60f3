import type { Terms } from '../../../../src/protocol/struct/requests.ts';
import { isDeviceRight } from '../../../../src/protocol/sensors/isDeviceRight.ts';
import type { useWords } from '../../words/useWords.tsx';
import { chooseTermsWords, type RecordNamed } from './chooseTermsWords.ts';

/** Terms of a right, but for its holder. */
export type TermsSaid = Omit<Terms, 'grantee' | 'salt'>;

/**
 * Says in a few words which records a right covers.
 *
 * @param words - The person's words.
 * @param terms - The right.
 * @param known - Its one record, or the name of the device that it binds, as far as the person's device knows it.
 * @param isListed - True if the number of its one record is left out, which a person needs who signs it.
 */
export function coveredInWords(
  words: ReturnType<typeof useWords>,
  terms: TermsSaid,
  known: RecordNamed | undefined,
  isListed: boolean,
): string {
  const { say, day } = words;
  const list = new Intl.ListFormat(words.locale, { type: 'conjunction' });
  const chosen = chooseTermsWords(terms, known);
  const kind = list.format(terms.categories.map((each) => say(`common.category-${each}`)));
  if (isDeviceRight(terms)) {
    const device = chosen.covers === 'record' ? chosen.title : undefined;
    return device === undefined
      ? say('share.device', { kind })
      : say('share.device-known', { device, kind });
  }
  if (chosen.covers === 'everything') return say('share.everything');
  if (chosen.covers === 'kinds') return kind;
  const { record, title, at } = chosen;
  const dated = at === undefined ? { dated: 'no', day: '' } : { dated: 'yes', day: day(at) };
  const told = { kind, record, numbered: isListed ? 'no' : 'yes', ...dated };
  return title === undefined
    ? say('share.record-unopened', told)
    : say('share.record-known', { title, ...told });
}
