import { attachedRecords } from '../../fhir/attachedRecords.ts';
import type { PartContent } from '../../fhir/Part.ts';
import type { Acknowledgement, SavedChain } from '../../protocol/evidence/evidence.ts';
import { parseBody } from '../../protocol/evidence/parseBody.ts';
import { pairName } from '../../protocol/evidence/viewSet.ts';
import { ZERO32, type Address, type Bytes32, type RecordId } from '../../protocol/ids.ts';
import type { Write } from '../../protocol/struct/requests.ts';
import { LARGEST_PART, partIn } from '../records/readParts.ts';
import { readBytes, type ArchiveSource } from './ArchiveFile.ts';
import type { ExaminedArchive } from './examineArchive.ts';
import type { LeftOut } from './Manifest.ts';
import { newestVersions, type ArchivedRecord } from './tailFiles.ts';

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
  /** The party that added the bundle which it is a part of: parts of others are another bundle here. */
  readonly adder: Address;
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
  const newest = newestVersions(standing);
  const isNewest = ({ write }: { readonly write: ArchivedRecord['write'] }): boolean =>
    newest.get(write.record) === write.version;
  const entries = entriesOf(saved);
  const there = new Set(proven.map(({ folder }) => folder));
  const codes = new Map(left.map((each) => [pairName(each), each.code]));
  const records: Found[] = [];
  let batches = 0;
  for (const archived of proven.filter(isNewest)) {
    const acknowledgement = entries.get(archived.entry);
    if (acknowledgement === undefined || archived.content.size === 0) continue;
    if (parseBody(acknowledgement.body).readings !== undefined) batches += 1;
    else records.push(await plannedRecord(source, archived, acknowledgement));
  }
  const writes = new Map(records.map(({ archived: { write } }) => [write.record, write]));
  const adders = addersIn(records, standing, entries);
  const all = records.map(({ named: _named, ...each }) => ({
    ...each,
    adder: adders.get(each.archived.write.record) ?? each.archived.write.begunBy,
    attached: [...new Set(each.attached)]
      .filter((file) => isBeside(each.archived.write, writes.get(file)))
      .slice(0, MOST_TOLD),
  }));
  const told = new Set(all.flatMap(({ attached }) => attached));
  return {
    records: all
      .map((each) => ({ ...each, isTold: told.has(each.archived.write.record) }))
      .toSorted((one, other) => ORDER.indexOf(one.kind) - ORDER.indexOf(other.kind)),
    left: standing
      .filter((each) => isNewest(each) && !there.has(each.folder))
      .map(({ write }) => {
        const { record, version } = write;
        return { record, version, code: codes.get(pairName(write)) ?? 'EVIDENCE_INVALID' };
      }),
    batches,
  };
}

/** The most files that one record proves; others are told of by a record of their own. */
const MOST_TOLD = 64;

/** A record, and the records of parts that it names. */
type Found = Omit<PlannedRecord, 'isTold' | 'adder'> & { readonly named: readonly RecordId[] };

/** The proof of a file goes to those alone who may read it; and nobody tells of another's file. */
function isBeside(part: Write, file: Write | undefined): boolean {
  return file?.category === part.category && file.begunBy === part.begunBy;
}

/**
 * Of each record that a first part names, whoever put that first part on the chart: if both wrote the first part, they have one
 * bundle. Every other part is of the bundle of whoever added it.
 */
function addersIn(
  found: readonly Found[],
  standing: ExaminedArchive['standing'],
  entries: ReadonlyMap<Bytes32, Omit<Acknowledgement, 'index'>>,
): ReadonlyMap<RecordId, Address> {
  const authors = new Map<RecordId, Set<Address>>();
  for (const { write, entry } of standing) {
    const body = entries.get(entry)?.body;
    if (body === undefined) continue;
    const of = authors.get(write.record) ?? new Set();
    authors.set(write.record, of.add(parseBody(body).request.party));
  }
  const begunBy = new Map(found.map(({ archived: { write } }) => [write.record, write.begunBy]));
  const adders = new Map<RecordId, Address>();
  for (const { archived, named } of found) {
    const { record: first, begunBy: adder } = archived.write;
    for (const record of named) {
      const by = begunBy.get(record);
      if (by === undefined || adders.has(record)) continue;
      if (authors.get(first)?.has(by) === true) adders.set(record, adder);
    }
  }
  return adders;
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
): Promise<Found> {
  const planned = { archived, acknowledgement };
  const part = await partOf(source, archived);
  const isAbout = archived.write.about !== ZERO32;
  if (part === undefined) {
    return { ...planned, kind: isAbout ? 'about' : 'file', attached: [], named: [] };
  }
  const attached = part.entries.flatMap(({ resource }) => attachedRecords(resource));
  const kind = isAbout ? 'about' : part.part === 0 ? 'first' : 'part';
  const named = (part.whole?.records ?? []).filter((record) => record !== null);
  return { ...planned, kind, attached, named };
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
