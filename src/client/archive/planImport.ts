import { attachedRecords } from '../../fhir/makeDocumentReference.ts';
import type { PartContent } from '../../fhir/Part.ts';
import type { Acknowledgement, SavedChain } from '../../protocol/evidence/evidence.ts';
import { parseBody } from '../../protocol/evidence/parseBody.ts';
import { ZERO32, type Bytes32, type RecordId } from '../../protocol/ids.ts';
import { LARGEST_PART, partIn } from '../records/readParts.ts';
import { readBytes, type ArchiveSource } from './ArchiveFile.ts';
import type { ExaminedArchive } from './examineArchive.ts';
import type { LeftOut } from './Manifest.ts';
import type { ArchivedRecord } from './tailFiles.ts';

/** A record of an archive that can be put on another chart. */
export interface PlannedRecord {
  readonly archived: ArchivedRecord;
  readonly acknowledgement: Omit<Acknowledgement, 'index'>;
  /** `file`: bytes. `part`, `first`: FHIR, the first part of its bundle last, as it names the others. `about`: about another record. */
  readonly kind: 'file' | 'part' | 'first' | 'about';
  /** Files of its category that the FHIR in it tells of. */
  readonly attached: readonly RecordId[];
  /** True of a file that FHIR in the archive tells of. */
  readonly isTold: boolean;
}

/** Contents of an archive, as they can be put on another chart. */
export interface ImportPlan {
  /** Of each record the newest version, in the order in which they are put there. */
  readonly records: readonly PlannedRecord[];
  /** Newest versions that the archive does not have, or not as their authors signed them. */
  readonly left: readonly LeftOut[];
  /** Number of batches of readings, which stay in the archive. */
  readonly batches: number;
}

const ORDER: readonly PlannedRecord['kind'][] = ['file', 'part', 'first', 'about'];

/**
 * Plans an import: of each record the newest version that was not withdrawn. An older one is not taken in place of a newest one
 * that is missing.
 *
 * @param source - The archive.
 * @param found - Findings about it.
 */
export async function planImport(
  source: ArchiveSource,
  { proven, standing, saved, left }: ExaminedArchive,
): Promise<ImportPlan> {
  const newest = new Map<RecordId, number>();
  for (const { write } of standing) {
    newest.set(write.record, Math.max(write.version, newest.get(write.record) ?? 0));
  }
  const isNewest = ({ write }: { readonly write: ArchivedRecord['write'] }): boolean =>
    newest.get(write.record) === write.version;
  const entries = entriesOf(saved);
  const there = new Set(proven.map(({ folder }) => folder));
  const codes = new Map(left.map(({ record, version, code }) => [`${record}/${version}`, code]));
  const records: Omit<PlannedRecord, 'isTold'>[] = [];
  let batches = 0;
  for (const archived of proven.filter(isNewest)) {
    const acknowledgement = entries.get(archived.entry);
    if (acknowledgement === undefined || archived.content.size === 0) continue;
    if (parseBody(acknowledgement.body).readings !== undefined) batches += 1;
    else records.push(await plannedRecord(source, archived, acknowledgement));
  }
  const files = new Map(records.map(({ archived: { write } }) => [write.record, write.category]));
  const all = records.map((each) => ({
    ...each,
    // The proof of a file goes to those alone who may read it.
    attached: each.attached.filter((file) => files.get(file) === each.archived.write.category),
  }));
  const told = new Set(all.flatMap(({ attached }) => attached));
  return {
    records: ORDER.flatMap((kind) =>
      all
        .filter((each) => each.kind === kind)
        .map((each) => ({ ...each, isTold: told.has(each.archived.write.record) })),
    ),
    left: standing
      .filter((each) => isNewest(each) && !there.has(each.folder))
      .map(({ write: { record, version } }) => {
        return { record, version, code: codes.get(`${record}/${version}`) ?? 'EVIDENCE_INVALID' };
      }),
    batches,
  };
}

/** The entries of a saved audit that still have their bodies, by their hashes. */
function entriesOf(
  saved: SavedChain | undefined,
): ReadonlyMap<Bytes32, Omit<Acknowledgement, 'index'>> {
  const all = new Map<Bytes32, Omit<Acknowledgement, 'index'>>();
  for (const { log, entries } of saved?.parts ?? []) {
    for (const { entry, body, verdicts } of entries) {
      if (body !== undefined) all.set(entry, { log, entry, body, verdicts });
    }
  }
  return all;
}

async function plannedRecord(
  source: ArchiveSource,
  archived: ArchivedRecord,
  acknowledgement: Omit<Acknowledgement, 'index'>,
): Promise<Omit<PlannedRecord, 'isTold'>> {
  const planned = { archived, acknowledgement };
  const part = await partOf(source, archived);
  const isAbout = archived.write.about !== ZERO32;
  if (part === undefined) return { ...planned, kind: isAbout ? 'about' : 'file', attached: [] };
  const attached = part.entries.flatMap(({ resource }) => attachedRecords(resource));
  return { ...planned, kind: isAbout ? 'about' : part.part === 0 ? 'first' : 'part', attached };
}

/**
 * Reads the FHIR of a record in an archive.
 *
 * @param source - The archive.
 * @param archived - The record.
 * @returns Undefined if it is something else.
 */
export async function partOf(
  source: ArchiveSource,
  { write, content }: Pick<ArchivedRecord, 'write' | 'content'>,
): Promise<PartContent | undefined> {
  if (content.size > LARGEST_PART || !content.name.endsWith('.json')) return undefined;
  return partIn(await readBytes(source, content.from, content.to), write);
}
