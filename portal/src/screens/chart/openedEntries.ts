import type { Chart, ChartRecord } from '../../../../src/client/index.ts';
import type { Entry } from '../../fhir/Resolve.ts';
import { partOfRecord } from '../../session/partOfRecord.ts';
import { presentedFile } from './presentedFile.ts';

/** Content of an opened record of a chart. */
export interface OpenedEntries {
  readonly entries: readonly Entry[];
  /** The record of the file that the entries present, see `presentedFile`. */
  readonly file?: ChartRecord;
}

/**
 * The resources of an opened record, with the addresses by which others refer to them.
 *
 * @param chart - The chart that lists it.
 * @param record - The record version.
 * @param content - Its plaintext.
 * @returns Undefined for a file.
 */
export function openedEntries(
  chart: Chart,
  record: ChartRecord,
  content: Uint8Array,
): OpenedEntries | undefined {
  const part = partOfRecord(content, record);
  if (part === undefined) return undefined;
  const file = presentedFile(chart, part, record);
  // Anybody may write a part that claims to be of a set: another author's is another bundle.
  const bundle = `${part.set} ${record.author}`;
  const entries = part.entries.map(({ fullUrl, resource }) => ({ bundle, url: fullUrl, resource }));
  // It says who corrected the entries, and why.
  const corrected = part.provenance === undefined ? [] : [{ bundle, resource: part.provenance }];
  return { entries: [...entries, ...corrected], ...(file && { file }) };
}
