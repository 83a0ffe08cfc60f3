import {
  attachedTo,
  effectivePart,
  readObjections,
  readRecord,
  type Chart,
  type ChartRecord,
  type KeptHolder,
  type Objection,
  type Party,
} from '../../../src/client/index.ts';
import type { Organisation } from '../../../src/protocol/ids.ts';
import { partOfRecord } from './partOfRecord.ts';

/** A record as it was opened. */
export interface OpenedRecord {
  readonly record: ChartRecord;
  /** FHIR resources of a part of a bundle, as they stand now; absent for a file. */
  readonly resources?: readonly unknown[];
  /** The FHIR Provenance of a correction, if there was one. */
  readonly provenance?: unknown;
  /** The bytes, as their author sealed them. */
  readonly content: Uint8Array;
  /** Organisations that released it for this view, if it needed that. */
  readonly released?: readonly Organisation[];
  /** The record that holds the file which the resources do nothing but tell of. */
  readonly file?: ChartRecord;
  /** Objections to a file; of resources their extensions have them. */
  readonly objections?: readonly Objection[];
}

/**
 * Opens a record version: the view becomes evidence first.
 *
 * @param party - The reader.
 * @param chart - The chart that lists it.
 * @param record - The record version.
 * @throws MedsealError what `readRecord` throws.
 */
export async function openRecord(
  party: Party,
  chart: Chart,
  record: ChartRecord,
): Promise<OpenedRecord> {
  const { content, released } = await readRecord(party, chart, record);
  const opened = await openedFrom(party, chart, record, content);
  return { ...opened, ...(released && { released: released.by }) };
}

/**
 * Sees what the plaintext of a record is: a part of a bundle, or a file.
 *
 * @param holder - The reader; a device without a network is told of nothing.
 * @param chart - The chart that lists it.
 * @param record - The record version.
 * @param content - Its plaintext.
 */
export async function openedFrom(
  holder: Party | KeptHolder,
  chart: Chart | Pick<Chart, 'handle' | 'records'>,
  record: ChartRecord,
  content: Uint8Array,
): Promise<OpenedRecord> {
  const written = partOfRecord(content, record);
  if (written === undefined) {
    return { record, content, objections: await readObjections(holder, chart, record) };
  }
  const part = await effectivePart(holder, chart, record, written);
  const resources = part.entries.flatMap(({ resource }) => (resource ? [resource] : []));
  const file = attachedTo(chart, part, record);
  const { provenance } = part;
  return { record, content, resources, ...(provenance && { provenance }), ...(file && { file }) };
}
