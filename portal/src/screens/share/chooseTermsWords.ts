import { visibleText } from '../../../../src/errors/visibleText.ts';
import { ZERO32, type RecordId } from '../../../../src/protocol/ids.ts';
import type { Terms } from '../../../../src/protocol/struct/requests.ts';
import { ORDINARY_CATEGORIES, type Category } from '../../../../src/protocol/vocabulary.ts';

/** Title and day of a record, as far as a device knows them. */
export interface RecordNamed {
  /** Its title, if it was opened. */
  readonly title?: string;
  /** When it was added, in Unix seconds. */
  readonly at?: number;
}

/** Choice of words for the records that a right covers. */
export type TermsWords =
  | { readonly covers: 'everything' }
  | { readonly covers: 'kinds'; readonly categories: readonly Category[] }
  | {
      readonly covers: 'record';
      readonly categories: readonly Category[];
      readonly record: RecordId;
      readonly title?: string;
      readonly at?: number;
    };

/** The most characters of a title inside a sentence. */
const LONGEST_TITLE = 120;

/**
 * Chooses the words for what a right covers. A person signs them: they name all that is sensitive, and the one record by
 * what tells it from others, because whoever asks chooses it.
 *
 * @param terms - Categories of the right, and its one record.
 * @param known - Title and day of that record, as far as the device knows them.
 */
export function chooseTermsWords(
  { categories, record }: Pick<Terms, 'categories' | 'record'>,
  known: RecordNamed = {},
): TermsWords {
  if (record !== ZERO32) {
    const { title = '', at } = known;
    const shown = visibleText(title.trim(), LONGEST_TITLE);
    return {
      covers: 'record',
      categories,
      record,
      ...(shown !== '' && { title: shown }),
      ...(at !== undefined && { at }),
    };
  }
  const isAllOrdinary =
    ORDINARY_CATEGORIES.every((each) => categories.includes(each)) &&
    categories.every((each) => ORDINARY_CATEGORIES.includes(each));
  return isAllOrdinary ? { covers: 'everything' } : { covers: 'kinds', categories };
}
