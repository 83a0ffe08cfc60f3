import { describeResource } from '../../fhir/describeResource.ts';
import { sayFhir } from '../../fhir/sayFhir.ts';
import type { OpenedRecord } from '../../session/openRecord.ts';
import { titleKey, type Titles } from '../../session/titles.ts';
import type { Words } from '../../words/useWords.tsx';

/** Most titles of resources that make up the title of a record. */
const MOST = 3;

/**
 * Returns the title of an opened record. The file of a document has none of its own: it is opened from what tells of it.
 *
 * @param words - The person's language.
 * @param opened - The record.
 */
export function titleOfOpened(words: Words, { record, resources, file }: OpenedRecord): Titles {
  if (resources === undefined) return { [titleKey(record)]: words.say('records.file') };
  const titles = resources.map((resource) => sayFhir(describeResource(resource).title, words));
  const [...first] = new Set(titles.filter((title) => title !== ''));
  const rest = first.length - MOST;
  const text = first.slice(0, MOST).join(', ');
  const title = rest > 0 ? words.say('records.and-more', { text, count: rest }) : text;
  return { [titleKey(record)]: title, ...(file && { [titleKey(file)]: '' }) };
}
