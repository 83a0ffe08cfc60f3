import { effectiveResource } from '../../../../src/fhir/effectiveResource.ts';
import { describeEach } from '../../fhir/describeEach.ts';
import { sayFhir } from '../../fhir/sayFhir.ts';
import type { OpenedRecord } from '../../session/openRecord.ts';
import { titleKey } from '../../session/titleKey.ts';
import type { Titles } from '../../session/titles.ts';
import { withoutMarks } from '../../words/readingOrder.ts';
import type { Words } from '../../words/useWords.tsx';

/** Most titles of resources that make up the title of a record. */
const MOST = 3;

/** The parts of an opened record that its title is made of. */
export type TitledRecord = Pick<OpenedRecord, 'record' | 'resources' | 'file'>;

/**
 * Returns the titles of opened records. The file of a document has none of its own: it is opened from what tells of it.
 * Anybody may tell of any record as a file: it counts if that was opened too and holds no part of a bundle: nobody
 * hides a record in lists by it.
 *
 * @param words - The person's language.
 * @param opened - The records that were opened, each once.
 */
export function titlesOfOpened(words: Words, opened: readonly TitledRecord[]): Titles {
  const files = opened.filter(({ resources }) => resources === undefined);
  const told = new Set(opened.flatMap(({ file }) => (file ? [titleKey(file)] : [])));
  const hidden = files.map(({ record }) => titleKey(record)).filter((key) => told.has(key));
  return {
    ...Object.fromEntries(opened.map((each) => [titleKey(each.record), titleOf(words, each)])),
    ...Object.fromEntries(hidden.map((key) => [key, ''])),
  };
}

function titleOf(words: Words, { resources }: TitledRecord): string {
  if (resources === undefined) return words.say('records.file');
  // A title is kept; that the patient objects is asked of the chart each time.
  const plain = resources.map((each) => effectiveResource(each, undefined));
  const titles = [...describeEach(plain)].map(({ title }) => withoutMarks(sayFhir(title, words)));
  const [...first] = new Set(titles.filter((title) => title !== ''));
  const rest = first.length - MOST;
  const text = first.slice(0, MOST).join(', ');
  if (rest > 0) return withoutMarks(words.say('records.and-more', { text, count: rest }));
  return text === '' ? words.say('records.file') : text;
}
