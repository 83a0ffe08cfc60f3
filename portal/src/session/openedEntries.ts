import {
  effectivePart,
  type Chart,
  type ChartRecord,
  type Party,
} from '../../../src/client/index.ts';
import type { PartContent } from '../../../src/fhir/Part.ts';
import type { Entry } from '../../../src/fhir/Resolve.ts';
import { presentedFile } from './presentedFile.ts';

/** Content of an opened record of a chart. */
export interface OpenedEntries {
  readonly entries: readonly Entry[];
  /** The record of the file that the entries present, see `presentedFile`. */
  readonly file?: ChartRecord;
}

/**
 * The resources of an opened record as they stand now, with the addresses by which others refer to them.
 *
 * @param party - The reader.
 * @param chart - The chart that lists it.
 * @param record - The record version.
 * @param written - The part that it is, as its author wrote it.
 */
export async function openedEntries(
  party: Party,
  chart: Chart,
  record: ChartRecord,
  written: PartContent,
): Promise<OpenedEntries> {
  const part = await effectivePart(party, chart, record, written);
  const file = presentedFile(chart, part, record);
  // Anybody may write a part that claims to be of a set: another author's is another bundle.
  const bundle = `${part.set} ${record.author}`;
  const entries = part.entries.map(({ fullUrl, resource }) => ({ bundle, url: fullUrl, resource }));
  // It says who corrected the entries, and why.
  const corrected = part.provenance === undefined ? [] : [{ bundle, resource: part.provenance }];
  return { entries: [...entries, ...corrected], ...(file && { file }) };
}
