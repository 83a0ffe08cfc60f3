import { readRecords, type Chart, type Party, newestOfEach } from '../../../../src/client/index.ts';
import { ZERO32 } from '../../../../src/protocol/ids.ts';
import type { Category } from '../../../../src/protocol/vocabulary.ts';
import { arrangeChart } from '../../fhir/arrangeChart.ts';
import type { Entry } from '../../../../src/fhir/Resolve.ts';
import type { FhirWords } from '../../fhir/sayFhir.ts';
import type { CardLine } from '../../session/EmergencyCard.ts';
import { partOfRecord } from '../../session/partOfRecord.ts';
import { openedEntries } from '../../session/openedEntries.ts';
import { cardLines } from './cardLines.ts';

/** Categories whose records are opened for a card; a blood group lies among the laboratory's. */
const OPENED: readonly Category[] = ['allergies', 'conditions', 'medications', 'laboratory'];
/** Most records of a category that are opened, and the largest one, sealed bytes. */
const [MOST_OPENED, LARGEST] = [60, 256 * 1024];

/**
 * Opens the records that a card can be made of.
 *
 * @param party - The patient.
 * @param chart - The patient's chart.
 * @param words - The person's words.
 * @returns The lines that the chart offers, and the number of records that should be among them and could not be opened.
 */
export async function readCardLines(
  party: Party,
  chart: Chart,
  words: FhirWords,
): Promise<readonly [readonly CardLine[], number]> {
  const newest = newestOfEach(chart.records)
    .filter(({ about }) => about === ZERO32)
    .toSorted((left, right) => right.at - left.at);
  const wanted = OPENED.flatMap((category) =>
    newest
      .filter((each) => each.category === category && each.size <= LARGEST)
      .slice(0, MOST_OPENED),
  );
  const entries: Entry[] = [];
  let unread = 0;
  for await (const read of readRecords(party, chart, wanted)) {
    if ('error' in read) {
      unread += 1;
      continue;
    }
    const part = partOfRecord(read.content, read.record);
    if (part === undefined) continue;
    entries.push(...(await openedEntries(party, chart, read.record, part)).entries);
  }
  return [cardLines(arrangeChart(entries), words), unread];
}
