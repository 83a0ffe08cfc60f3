import { readRecords, type Chart, type Party, newestOfEach } from '../../../../src/client/index.ts';
import { ZERO32 } from '../../../../src/protocol/ids.ts';
import type { Category } from '../../../../src/protocol/vocabulary.ts';
import { arrangeChart } from '../../fhir/arrangeChart.ts';
import type { Entry } from '../../../../src/fhir/Resolve.ts';
import { parseFhirDate } from '../../fhir/parseFhirDate.ts';
import { sayFhir, type FhirWords } from '../../fhir/sayFhir.ts';
import type { CardGroup, CardLine } from '../../session/EmergencyCard.ts';
import { partOfRecord } from '../../session/partOfRecord.ts';
import { openedEntries } from '../../session/openedEntries.ts';
import { withoutMarks } from '../../words/readingOrder.ts';
import { personsOf } from '../chart/personsOf.ts';
import { birthIn } from '../patient/personShown.ts';
import { cardLines } from './cardLines.ts';

/** Categories whose records are opened for a card; a blood group lies among the laboratory's, a birth date among the person's details. */
const OPENED: readonly Category[] = [
  'demographics',
  'allergies',
  'conditions',
  'medications',
  'laboratory',
];
/** Category of the records that hold all of a group; a blood group may lie anywhere. */
const CATEGORY_OF = {
  allergies: 'allergies',
  medicines: 'medications',
  problems: 'conditions',
} as const satisfies Partial<Record<CardGroup, Category>>;
/** Most records of a category that are opened, and the largest one, sealed bytes. */
const [MOST_OPENED, LARGEST] = [60, 256 * 1024];

/** Lines that a chart offers for a card. */
export interface CardLinesRead {
  readonly offered: readonly CardLine[];
  /** Records that should be among them and could not be opened. */
  readonly unread: number;
  /** Groups of which the chart names nothing, if every record that could was read. */
  readonly noneKnown: CardGroup[];
  /** Birth date that the records agree on, in words. */
  readonly born?: string;
}

/**
 * Opens the records that a card can be made of.
 *
 * @param party - The patient.
 * @param chart - The patient's chart.
 * @param words - The person's words.
 * @param called - The person's name.
 */
export async function readCardLines(
  party: Party,
  chart: Chart,
  words: FhirWords,
  called: string,
): Promise<CardLinesRead> {
  const newest = newestOfEach(chart.records)
    .filter(({ about }) => about === ZERO32)
    .toSorted((left, right) => right.at - left.at);
  const wanted = OPENED.flatMap((category) =>
    newest
      .filter((each) => each.category === category && each.size <= LARGEST)
      .slice(0, MOST_OPENED),
  );
  const entries: Entry[] = [];
  const isRead = new Set<string>();
  let unread = 0;
  for await (const read of readRecords(party, chart, wanted)) {
    if ('error' in read) {
      unread += 1;
      continue;
    }
    const part = partOfRecord(read.content, read.record);
    if (part === undefined) continue;
    isRead.add(read.record.file);
    entries.push(...(await openedEntries(party, chart, read.record, part)).entries);
  }
  const arranged = arrangeChart(entries);
  const offered = cardLines(arranged, words);
  const born = parseFhirDate(birthIn(personsOf(called, arranged.persons).own));
  const noneKnown = (['allergies', 'medicines', 'problems'] as const).filter((group) => {
    const records = newest.filter(({ category }) => category === CATEGORY_OF[group]);
    const isNamed = offered.some((line) => line.group === group);
    return !isNamed && records.every(({ file }) => isRead.has(file));
  });
  return { offered, unread, noneKnown, ...(born && { born: withoutMarks(sayFhir(born, words)) }) };
}
