import { MedsealError } from '../../errors/MedsealError.ts';
import { concatBytes, equalBytes, utf8ToBytes } from '../../crypto/bytes.ts';
import type { Handle } from '../../protocol/ids.ts';
import { formatEvidenceFile } from '../../protocol/evidence/parseEvidenceFile.ts';
import { pairName } from '../../protocol/evidence/viewSet.ts';
import { canonicalJson } from '../../protocol/wire/canonicalJson.ts';
import { examineAudit } from '../audit/examineAudit.ts';
import type { AuditOptions } from '../audit/examineListed.ts';
import type { Party } from '../party/Party.ts';
import { fetchGroups } from '../records/fetchGroups.ts';
import type { Chart } from '../records/readChart.ts';
import { isErasedIn } from '../records/isErasedIn.ts';
import { readWholeChart } from '../records/readWholeChart.ts';
import type { ChartRecord } from '../records/viewChart.ts';
import { readPatientState } from '../state/PatientState.ts';
import { chainBlocks } from '../witness/chainBlocks.ts';
import { keepChain } from '../witness/keepChain.ts';
import { readBytes, type ArchiveFile } from './ArchiveFile.ts';
import { archiveEntries } from './archiveEntries.ts';
import { ArchiveWriter } from './ArchiveWriter.ts';
import { ARCHIVE, DERIVED, HEAD_FILES, type ChainRecord } from './archivePaths.ts';
import { examineArchive, type ExaminedArchive } from './examineArchive.ts';
import { formatManifest, manifestOf, type LeftOut } from './Manifest.ts';
import { readme } from './readme.ts';
import { collectRights, formatRights } from './rightsFile.ts';
import { derivedFile } from './tailFiles.ts';
import { TAR_END, tarFile } from './tarHeader.ts';

/** Options of `exportChart`. */
export interface ExportOptions extends Pick<AuditOptions, 'onWait' | 'onExamined'> {
  /** Successors of the pinned network file that lead to the one in force, to go along. */
  readonly successors?: unknown;
  /** Called with the number of record versions that are in the archive, and how many there will be. */
  readonly onRecord?: (done: number, of: number) => void;
  /** Called before each record version of an archive that is gone on from, while it is verified. */
  readonly onVerified?: (nth: number, of: number) => void;
}

/** An archive that was made. */
export interface ChartExported {
  readonly handle: Handle;
  /** Moment that the archive is of, Unix seconds. */
  readonly at: number;
  /** Record versions in it. */
  readonly records: number;
  /** Of these, versions that were there before this call. */
  readonly before: number;
  /** Record versions that the patient had erased. */
  readonly erased: number;
  /** Record versions that could not be read now: another call with the same archive asks for them again. */
  readonly left: readonly LeftOut[];
  /** Bytes of the archive. */
  readonly bytes: number;
  /** Faults of the audit and of the chart's list, a sentence for each. */
  readonly faults: readonly string[];
}

/**
 * Makes one archive of all that a patient has: every version of every record, the audit that proves them, rights, and all FHIR in
 * one bundle and a summary. An archive that was cut off, or that lacks records, is gone on from: it stays of the moment that it
 * was begun at. Memory stays flat, but for the audit. The archive is in the clear.
 *
 * @param party - The patient.
 * @param file - The archive: empty, or one that this function began for the same patient.
 * @param options - See `ExportOptions`.
 * @throws MedsealError `ARGUMENT_INVALID` if the file is anything else; `NOT_FOUND` on a device of someone who is not a patient;
 * `PARTY_SUSPENDED`, `RIGHT_MISSING`; what `readChart` throws, and the file.
 * @example
 * ```ts
 * const { records, left } = await exportChart(patient, archive, {
 *   onRecord: (done, of) => console.log(`${done} of ${of}`),
 * });
 * console.log(`${records} record versions`, left);
 * ```
 */
export async function exportChart(
  party: Party,
  file: ArchiveFile,
  options: ExportOptions = {},
): Promise<ChartExported> {
  const { handle } = await readPatientState(party);
  const found = await examineBegun(party, file, handle, options);
  if (found?.faults.length === 0) return await whole(file, found);
  if (found === undefined) {
    await file.truncate(0);
    await file.append(await headOf(party, handle, options));
  }
  const begun = found ?? (await examineArchive(party, file));
  const { subject, erased, standing } = begun;
  if (subject === undefined) throw refused('its audit cannot be read');
  const writing = new ArchiveWriter(party, file, begun);
  const before = writing.records.length;
  const there = new Set(writing.records.map(({ folder }) => folder));
  const missing = standing.filter((each) => !there.has(each.folder));
  // Nothing is cut off before the nodes have shown that they give it again.
  const read =
    missing.length === 0 ? undefined : await readWholeChart(party, { handle, purpose: 'PATRQT' });
  requireAgain(begun, there, read?.chart);
  if (found !== undefined) await file.truncate(found.soundTo);
  const left =
    read === undefined
      ? []
      : await writeRecords(party, writing, { standing, missing, chart: read.chart }, options);
  const faults = read?.count.faults ?? [];
  for (const name of DERIVED) {
    await writing.addStream(name, () =>
      derivedFile(name, file, writing.inOrder(standing), subject),
    );
  }
  const manifest = manifestOf(subject, writing.files, erased, left);
  await file.append(tarFile(ARCHIVE.manifest, formatManifest(manifest)));
  await file.append(new Uint8Array(TAR_END));
  await file.sync();
  return {
    handle,
    at: subject.at,
    records: writing.records.length,
    before,
    erased: erased.length,
    left,
    bytes: await file.size(),
    faults: [...auditFaults(begun), ...faults],
  };
}

/** An archive that has everything already. */
async function whole(
  file: ArchiveFile,
  { subject, proven, erased }: ExaminedArchive,
): Promise<ChartExported> {
  if (subject === undefined) throw refused('its audit cannot be read');
  const { handle, at } = subject;
  const records = proven.length;
  const bytes = await file.size();
  return {
    handle,
    at,
    records,
    before: records,
    erased: erased.length,
    left: [],
    bytes,
    faults: [],
  };
}

/**
 * Examines an archive that was begun.
 *
 * @returns Undefined if there is nothing yet that can be gone on from.
 * @throws MedsealError `ARGUMENT_INVALID` if it is not an archive of this chart by this patient.
 */
async function examineBegun(
  party: Party,
  file: ArchiveFile,
  handle: Handle,
  { onVerified }: ExportOptions,
): Promise<ExaminedArchive | undefined> {
  const size = await file.size();
  const first = tarFile(ARCHIVE.readme, readme({ handle, party: party.address }));
  const there = await readBytes(file, 0, Math.min(size, first.length));
  if (!equalBytes(there, first.subarray(0, there.length))) {
    throw refused('it is not an archive of this chart: name another file');
  }
  if (size <= first.length) return undefined;
  const audited = await endOfAudit(file);
  // Cut off before the audit was whole: nothing of it was of any moment yet.
  if (audited === undefined) return undefined;
  const found = await examineArchive(party, file, onVerified);
  const { subject, soundTo, faults } = found;
  if (subject === undefined || auditFaults(found).length > 0)
    throw refused('the audit in it has a fault: name another file');
  const isOwn = subject.handle === handle && subject.party === party.address;
  if (!isOwn || faults.some(({ path }) => path === ARCHIVE.network)) {
    throw refused('it is an archive of another chart: name another file');
  }
  if (soundTo < audited) throw altered();
  return found;
}

/**
 * Finds the place behind the audit in an archive.
 *
 * @returns Undefined if the archive was cut off before the audit was whole.
 * @throws MedsealError `ARGUMENT_INVALID` if something else stands before the audit, or in its place.
 */
async function endOfAudit(file: ArchiveFile): Promise<number | undefined> {
  const list = archiveEntries(file);
  let next = await list.next();
  for (; next.done !== true; next = await list.next()) {
    if (next.value.name === ARCHIVE.chain) return next.value.end;
    if (!BEFORE_AUDIT.has(next.value.name)) throw altered();
  }
  if (next.value.end !== 'torn') throw altered();
  return undefined;
}

/** Files that stand before the audit. */
const BEFORE_AUDIT: ReadonlySet<string> = new Set(
  HEAD_FILES.filter((name) => name !== ARCHIVE.chain),
);

/** Files before the records cannot be made again: they are of the archive's moment. */
function altered(): MedsealError {
  return refused('what stands before its records was altered: name another file');
}

function auditFaults({ faults }: ExaminedArchive): readonly string[] {
  return faults.filter(({ path }) => path === ARCHIVE.chain).map(({ reason }) => reason);
}

/** Files that stand before the records; the audit fixes the moment of the archive. */
async function headOf(
  party: Party,
  handle: Handle,
  { successors, onWait, onExamined }: ExportOptions,
): Promise<Uint8Array> {
  const rights = await collectRights(party);
  const audit = await examineAudit(party, {
    ...(onWait && { onWait }),
    ...(onExamined && { onExamined }),
  });
  const chain = keepChain(party, audit, await chainBlocks(party.primitives, audit));
  const files: readonly (readonly [string, Uint8Array])[] = [
    [ARCHIVE.readme, readme({ handle, party: party.address })],
    [ARCHIVE.network, jsonFile(party.network)],
    ...(successors === undefined ? [] : [[ARCHIVE.successors, jsonFile(successors)] as const]),
    [ARCHIVE.rights, formatRights(rights)],
    [ARCHIVE.chain, utf8ToBytes(formatEvidenceFile(chain))],
  ];
  return concatBytes(...files.map(([name, content]) => tarFile(name, content)));
}

function jsonFile(value: unknown): Uint8Array {
  return utf8ToBytes(`${canonicalJson(value)}\n`);
}

/** The record versions of an archive that is written. */
interface RecordsToWrite {
  readonly standing: readonly ChainRecord[];
  /** Those that are not in it yet. */
  readonly missing: readonly ChainRecord[];
  readonly chart: Chart;
}

/** Requires that sound versions which are to be cut off, because they stand behind an altered one, are still on the chart. */
function requireAgain(
  { proven }: ExaminedArchive,
  there: ReadonlySet<string>,
  chart: Chart | undefined,
): void {
  const listed = new Set(
    chart?.records.filter((each) => !isErasedIn(chart, each)).map(({ file }) => file),
  );
  const isGone = proven.some(({ folder, write }) => !there.has(folder) && !listed.has(write.file));
  if (!isGone) return;
  throw refused(
    'a version in it was altered, and others behind that were erased from the chart since: name another file',
  );
}

/** Adds every record version that is not in the archive yet; returns those that cannot be read. */
async function writeRecords(
  party: Party,
  writing: ArchiveWriter,
  { standing, missing, chart }: RecordsToWrite,
  { onRecord }: ExportOptions,
): Promise<readonly LeftOut[]> {
  const listed = new Map(chart.records.map((record) => [pairName(record), record]));
  const codes = new Map<string, string>();
  const wanted: ChartRecord[] = [];
  const folders = new Map<ChartRecord, ChainRecord>();
  for (const each of missing) {
    const record = listed.get(pairName(each.write));
    if (record?.file === each.write.file) {
      wanted.push(record);
      folders.set(record, each);
    } else {
      codes.set(each.folder, 'NOT_FOUND');
    }
  }
  let done = writing.records.length;
  onRecord?.(done, standing.length);
  for await (const { group, files } of fetchGroups(party, chart, wanted)) {
    for (const [place, record] of group.entries()) {
      const of = folders.get(record);
      if (of === undefined) continue;
      const error = await writing.addRecord(chart, record, of, files[place]);
      if (error === undefined) onRecord?.((done += 1), standing.length);
      else codes.set(of.folder, error.code);
    }
  }
  return standing.flatMap(({ folder, write: { record, version } }): LeftOut[] => {
    const code = codes.get(folder);
    return code === undefined ? [] : [{ record, version, code }];
  });
}

function refused(reason: string): MedsealError {
  return new MedsealError('ARGUMENT_INVALID', { argument: 'archive', reason });
}
