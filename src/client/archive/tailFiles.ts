import { utf8ToBytes } from '../../crypto/bytes.ts';
import { SummaryBuilder } from '../../fhir/patientSummary.ts';
import { partToBundle } from '../../fhir/partToBundle.ts';
import { writeFhirJson } from '../../fhir/writeFhirJson.ts';
import type { PartContent } from '../../fhir/Part.ts';
import type { Handle, RecordId } from '../../protocol/ids.ts';
import { LARGEST_PART, partIn } from '../records/readParts.ts';
import { ARCHIVE, type ChainRecord } from './archivePaths.ts';
import type { ArchiveSubject } from './archiveSubject.ts';
import type { ArchiveEntry } from './archiveEntries.ts';
import { readBytes, type ArchiveSource } from './ArchiveFile.ts';

/** A record version in an archive. */
export interface ArchivedRecord extends ChainRecord {
  /** Proof of what the content is. */
  readonly seal: ArchiveEntry;
  readonly content: ArchiveEntry;
}

/**
 * Returns the number of the newest version of each record.
 *
 * @param records - Versions.
 */
export function newestVersions(records: readonly ChainRecord[]): ReadonlyMap<RecordId, number> {
  const newest = new Map<RecordId, number>();
  for (const { write } of records) {
    newest.set(write.record, Math.max(write.version, newest.get(write.record) ?? 0));
  }
  return newest;
}

/**
 * Reads the FHIR in the newest version of each record of an archive, one after the other.
 *
 * @param source - The archive.
 * @param records - Its record versions, oldest first.
 */
export async function* newestParts(
  source: ArchiveSource,
  records: readonly ArchivedRecord[],
): AsyncGenerator<PartContent> {
  const newest = newestVersions(records);
  for (const { write, content } of records) {
    if (newest.get(write.record) !== write.version || content.size > LARGEST_PART) continue;
    if (!content.name.endsWith('.json')) continue;
    const part = partIn(await readBytes(source, content.from, content.to), write);
    if (part !== undefined) yield part;
  }
}

/**
 * Writes the FHIR of an archive as one collection, entry by entry, so that memory stays flat. Labels of a part stand at its
 * resources, and a full URL that is there already is left out.
 *
 * @param parts - The parts.
 */
export async function* writeBundle(parts: AsyncIterable<PartContent>): AsyncGenerator<Uint8Array> {
  yield utf8ToBytes('{"resourceType":"Bundle","type":"collection"');
  const urls = new Set<string>();
  let begun = false;
  for await (const part of parts) {
    const { entry = [], meta } = partToBundle(part);
    for (const { fullUrl, resource, ...more } of entry) {
      if (resource === undefined) continue;
      const { security = [] } = meta ?? {};
      const labelled =
        security.length === 0
          ? resource
          : {
              ...resource,
              meta: {
                ...resource.meta,
                security: [...(resource.meta?.security ?? []), ...security],
              },
            };
      const isNew = fullUrl !== undefined && !urls.has(fullUrl);
      if (isNew) urls.add(fullUrl);
      const written = writeFhirJson({ ...(isNew && { fullUrl }), ...more, resource: labelled });
      yield utf8ToBytes(`${begun ? ',\n' : ',"entry":[\n'}${written}`);
      begun = true;
    }
  }
  yield utf8ToBytes(begun ? '\n]}\n' : '}\n');
}

/**
 * Writes a summary of the FHIR in an archive, without the category for sensitive records: people show a summary to everybody
 * who treats them.
 *
 * @param parts - The parts.
 * @param of - The chart, and the moment that the archive is of, Unix seconds.
 */
export async function* writeSummary(
  parts: AsyncIterable<PartContent>,
  of: { readonly handle: Handle; readonly at: number },
): AsyncGenerator<Uint8Array> {
  const summary = new SummaryBuilder();
  for await (const part of parts) {
    if (part.category === 'sensitive') continue;
    for (const entry of partToBundle(part).entry ?? []) summary.add(entry);
  }
  yield utf8ToBytes(`${writeFhirJson(summary.build(of))}\n`);
}

/**
 * Writes a file of an archive that follows from its records.
 *
 * @param name - `bundle.json` or `summary.json`.
 * @param source - The archive.
 * @param records - Its record versions, oldest first.
 * @param subject - Its chart and moment.
 */
export function derivedFile(
  name: string,
  source: ArchiveSource,
  records: readonly ArchivedRecord[],
  subject: ArchiveSubject,
): AsyncIterable<Uint8Array> {
  const parts = newestParts(source, records);
  return name === ARCHIVE.bundle ? writeBundle(parts) : writeSummary(parts, subject);
}
