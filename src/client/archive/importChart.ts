import type { BundleEntry, Provenance } from '@medplum/fhirtypes';
import { bytesToHex, hexToBytes, utf8ToBytes } from '../../crypto/bytes.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import { describeFile, BEGINNING } from '../../fhir/describeFile.ts';
import { encodePart } from '../../fhir/encodePart.ts';
import { importedPart, replacedIn, type Renamed, type Replaced } from '../../fhir/importedPart.ts';
import { makeDocumentReference } from '../../fhir/makeDocumentReference.ts';
import type { PartContent } from '../../fhir/Part.ts';
import { partOfResource } from '../../fhir/partOfResource.ts';
import { patientsIn } from '../../fhir/patientsIn.ts';
import { provenanceOfImport, type ImportedVersion } from '../../fhir/provenanceOfImport.ts';
import { LARGEST_PART } from '../records/readParts.ts';
import { seconds } from '../../protocol/Clock.ts';
import { pairName } from '../../protocol/evidence/viewSet.ts';
import { parseBody } from '../../protocol/evidence/parseBody.ts';
import { ZERO32, type Bytes32, type Handle, type Hex, type RecordId } from '../../protocol/ids.ts';
import { logOf } from '../../protocol/network/networkLookups.ts';
import type { Category } from '../../protocol/vocabulary.ts';
import { nameOnDevice } from '../party/nameOnDevice.ts';
import type { Party } from '../party/Party.ts';
import { addRecord } from '../records/addRecord.ts';
import { beginInLanes } from '../records/beginInLanes.ts';
import type { NewVersion } from '../records/sealVersion.ts';
import { confirmPatient, type PatientCompared } from '../state/confirmPatient.ts';
import { readPatientState } from '../state/PatientState.ts';
import { readBytes, type ArchiveSource } from './ArchiveFile.ts';
import { ARCHIVE } from './archivePaths.ts';
import { examineArchive, type ArchiveContext } from './examineArchive.ts';
import { importedBefore, type Imported } from './importedBefore.ts';
import type { LeftOut } from './Manifest.ts';
import { formatOrigin } from './origin.ts';
import { partOf, planImport, type PlannedRecord } from './planImport.ts';
import { parseSealProof } from './sealProof.ts';

/** An archive to be brought along, as a person is asked about it before anything is signed. */
export interface ImportOffered {
  /** Id of the network that it comes from. */
  readonly network: Bytes32;
  /** The chart there. */
  readonly from: Handle;
  /** Moment that the archive is of, Unix seconds. */
  readonly at: number;
  /** Number of records that are to be added or amended, by category. */
  readonly categories: Readonly<Partial<Record<Category, number>>>;
  /** Number of records that are on the chart already. */
  readonly before: number;
  /** Comparison of the archive's patient with the chart's. */
  readonly patient: PatientCompared;
}

/** Options of `importChart`. */
export interface ImportOptions {
  /** True if the patient insists although the archive is about another person. */
  readonly anotherPatient?: boolean;
  /** Called before each record version of the archive, while it is verified. */
  readonly onVerified?: (nth: number, of: number) => void;
  /** Called before anything is signed; nothing is if it throws. */
  readonly onOffered?: (offered: ImportOffered) => Promise<void> | void;
  /** Called with the number of records that are on the chart, and how many there will be. */
  readonly onRecord?: (done: number, of: number) => void;
}

/** An archive that was brought along. */
export interface ChartImported extends Pick<ImportOffered, 'network' | 'from' | 'at'> {
  readonly handle: Handle;
  /** Records of the archive that are on the chart now. */
  readonly records: number;
  /** Of these, records that were there before this call. */
  readonly before: number;
  /** Records that are not on it, by their ids in the archive, with the codes of the reasons. */
  readonly left: readonly LeftOut[];
  /** Number of batches of readings, which stay in the archive. */
  readonly batches: number;
  /** True if the same call may add what is left. */
  readonly again: boolean;
  /** Faults of the archive, a sentence for each. */
  readonly faults: readonly string[];
}

/**
 * Brings the records of an archive along to the patient's own chart, in another network or after a new beginning in the same one.
 * Each record is written by the patient here, in its category, with a Provenance that names author, organisation, time and network
 * and holds what the author signed there. A record that the chart has already is not added again, whichever device added it; a newer version
 * amends. Memory stays flat, but for the audit.
 *
 * @param party - The patient.
 * @param source - The archive.
 * @param first - The network that it comes from: its file from somebody whom the patient trusts, and the domain of that.
 * @param options - See `ImportOptions`.
 * @throws MedsealError `ARGUMENT_INVALID` if its audit has a fault, or it is the archive of this very chart; `PATIENT_DIFFERS`; `NOT_FOUND` on
 * a device of someone who is not a patient; what `readChart` throws. Reasons that one record is refused for are in `left`.
 * @example
 * ```ts
 * const former = parseNetworkFile(JSON.parse(pinned));
 * const first = { network: former, domain: domainOf(former) };
 * const { records, left } = await importChart(patient, archive, first);
 * console.log(`${records} records`, left);
 * ```
 */
export async function importChart(
  party: Party,
  source: ArchiveSource,
  first: Pick<ArchiveContext, 'network' | 'domain'>,
  options: ImportOptions = {},
): Promise<ChartImported> {
  const { handle } = await readPatientState(party);
  const { primitives, createSha256, cipher } = party;
  const context = { ...first, primitives, createSha256, ...(cipher && { cipher }) };
  const found = await examineArchive(context, source, options.onVerified);
  const { subject, faults } = found;
  if (subject === undefined || faults.some(({ path }) => path === ARCHIVE.chain)) {
    throw refused('its audit has a fault, or is another network’s: see what verifying it says');
  }
  const { networkId: network } = first.network;
  if (subject.handle === handle && network === party.network.networkId) {
    throw refused('it is the archive of this very chart');
  }
  const plan = await planImport(source, found);
  const before = await importedBefore(party, handle, { network, chart: subject.handle });
  const job = new Import(party, source, { handle, first: first.network, before });
  const missing = plan.records.filter((each) => !job.isThere(each));
  const about = { network, from: subject.handle, at: subject.at };
  if (missing.length > 0) {
    const patient = await confirmPatient(party, {
      handle,
      own: true,
      entries: await personsOf(source, missing),
      ...(options.anotherPatient !== undefined && { anotherPatient: options.anotherPatient }),
    });
    const counted = Map.groupBy(missing, ({ archived }) => archived.write.category);
    const categories = Object.fromEntries(
      [...counted].map(([category, of]) => [category, of.length]),
    );
    const offered = { ...about, categories, before: plan.records.length - missing.length, patient };
    await options.onOffered?.(offered);
  }
  const left = await job.addAll(missing, plan.records.length, options.onRecord);
  const all = [...plan.left, ...left];
  return {
    ...about,
    handle,
    records: plan.records.length - left.length,
    before: plan.records.length - missing.length,
    left: all.map(({ record, version, code }) => ({ record, version, code })),
    batches: plan.batches,
    again: left.some(({ retry }) => retry),
    faults: faults.map(({ path, reason }) => `${path}: ${reason}`),
  };
}

/** Demographics of an archive: whom it is about, each person once. References to a patient count where the patient is there too. */
async function personsOf(
  source: ArchiveSource,
  planned: readonly PlannedRecord[],
): Promise<readonly BundleEntry[]> {
  const persons = new Map<string, BundleEntry>();
  for (const { archived, kind } of planned) {
    if (kind === 'file' || archived.write.category !== 'demographics') continue;
    const part = await partOf(source, archived);
    for (const entry of part?.entries ?? []) {
      if (entry.resource?.resourceType === 'Patient')
        persons.set(JSON.stringify(patientsIn([entry])), entry);
    }
  }
  return [...persons.values()];
}

/** A record that is not on the chart. */
type Left = LeftOut & { readonly retry: boolean };

/** Bytes that sealing adds to a part, at most. */
const SEALED = 2 ** 17;

/** One import, record by record. */
class Import {
  readonly #party: Party;
  readonly #source: ArchiveSource;
  readonly #handle: Handle;
  readonly #first: ArchiveContext['network'];
  readonly #before: ReadonlyMap<RecordId, Imported>;
  /** The record here of each record of the archive. */
  readonly #here = new Map<RecordId, RecordId>();
  readonly #files = new Map<RecordId, PlannedRecord>();
  /** Reason why the import ended: records behind it are not tried. */
  #stopped: MedsealError | undefined;

  constructor(
    party: Party,
    source: ArchiveSource,
    of: {
      readonly handle: Handle;
      readonly first: ArchiveContext['network'];
      readonly before: ReadonlyMap<RecordId, Imported>;
    },
  ) {
    this.#party = party;
    this.#source = source;
    this.#handle = of.handle;
    this.#first = of.first;
    this.#before = of.before;
    for (const [record, { here }] of of.before) this.#here.set(record, here.record);
  }

  /** Tells whether the chart has a record of the archive, with the files that it tells of, in this version or a later one. */
  isThere(planned: PlannedRecord): boolean {
    const { write } = planned.archived;
    if (planned.kind === 'file') this.#files.set(write.record, planned);
    const isSame = ({ record, version }: { record: RecordId; version: number }): boolean =>
      (this.#before.get(record)?.version ?? 0) >= version;
    // Files come first in the plan.
    const files = planned.attached.flatMap((record) => this.#files.get(record) ?? []);
    return isSame(write) && files.every(({ archived }) => isSame(archived.write));
  }

  /** Adds records in their order, those of a kind side by side. */
  async addAll(
    planned: readonly PlannedRecord[],
    of: number,
    onRecord: ImportOptions['onRecord'],
  ): Promise<readonly Left[]> {
    const left: Left[] = [];
    let done = of - planned.length;
    onRecord?.(done, of);
    for (const all of inTurn(planned)) {
      const results = beginInLanes(this.#party.clock, all, async (each) => {
        if (this.#stopped !== undefined) throw this.#stopped;
        await this.#add(each);
        onRecord?.((done += 1), of);
      });
      for (const [place, result] of (await Promise.all(results)).entries()) {
        const each = all[place];
        if (!(result instanceof MedsealError) || each === undefined) continue;
        const { record, version } = each.archived.write;
        left.push({ record, version, code: result.code, retry: result.retry });
      }
    }
    return left;
  }

  async #add(planned: PlannedRecord): Promise<void> {
    try {
      const part =
        planned.kind === 'file' ? undefined : await partOf(this.#source, planned.archived);
      if (part === undefined) await this.#addFile(planned);
      else await this.#addPart(planned, part);
    } catch (error) {
      // Whoever is asked to wait is not asked once more for each record.
      if (error instanceof MedsealError && error.retry) this.#stopped = error;
      throw error;
    }
  }

  async #addPart(planned: PlannedRecord, part: PartContent): Promise<void> {
    const files = planned.attached.flatMap((record) => this.#files.get(record) ?? []);
    const attached = new Set(planned.attached);
    const renamed: Renamed = {
      record: (record) => this.#here.get(record),
      file: (record) => (attached.has(record) ? this.#here.get(record) : undefined),
      set: (set) => this.#setOf(['set', set, planned.adder]),
    };
    const replaced = replacedIn(part, renamed);
    const told = files.filter(({ archived }) => renamed.file(archived.write.record) !== undefined);
    const provenance = await this.#provenance(part.entries, [
      { planned, replaced },
      ...told.map((file) => ({ planned: file })),
    ]);
    const imported = importedPart(part, replaced, renamed, provenance);
    const content = encodePart(imported);
    if (content.length > LARGEST_PART - SEALED) {
      throw new MedsealError('PARTS_UNFIT', { reason: 'one of them is too large with its proof' });
    }
    await this.#write(
      planned,
      [planned, ...told].map(({ archived }) => pairName(archived.write)),
      content,
    );
  }

  async #addFile(planned: PlannedRecord): Promise<void> {
    const { write, at, content } = planned.archived;
    const { from, to } = content;
    const before = this.#before.get(write.record);
    const read = (): AsyncIterable<Uint8Array> => this.#source.read(from, to);
    const record = await this.#write(planned, [pairName(write)], read);
    if (planned.isTold) return;
    const beginning = await readBytes(this.#source, from, Math.min(to, from + BEGINNING));
    const described = describeFile(content.name, beginning);
    const title = `${write.category}, ${new Date(at * 1000).toISOString().slice(0, 10)}`;
    const resource = makeDocumentReference({ ...described, title, record, size: content.size, at });
    const names = ['told', pairName(write)];
    const part = partOfResource(this.#setOf(names), write.category, resource);
    const provenance = await this.#provenance(part.entries, [{ planned }]);
    await this.#version(names, {
      category: write.category,
      content: encodePart({ ...part, provenance }),
      ...(before?.told && { amends: before.told }),
    });
  }

  /** Writes a record of the archive, or the version of it that follows the one which is here. */
  async #write(
    { archived: { write } }: PlannedRecord,
    names: readonly string[],
    content: NewVersion['content'],
  ): Promise<RecordId> {
    const { record, category, about } = write;
    const before = this.#before.get(record);
    if (before?.isAmended === true) throw new MedsealError('REQUEST_ALTERED', {});
    const here = this.#here.get(about);
    if (about !== ZERO32 && here === undefined) {
      throw new MedsealError('NOT_FOUND', { what: 'record that it is about' });
    }
    const added = await this.#version(names, {
      category,
      content,
      ...(before && { amends: before.here }),
      ...(here && { about: here }),
    });
    this.#here.set(record, added);
    return added;
  }

  async #version(
    names: readonly string[],
    version: Pick<NewVersion, 'category' | 'content' | 'amends' | 'about'>,
  ): Promise<RecordId> {
    const once = `import-${nameOnDevice(this.#party, ...this.#named(names))}`;
    const { record } = await addRecord(this.#party, {
      ...version,
      handle: this.#handle,
      purpose: 'PATRQT',
      once,
    });
    return record;
  }

  #named(names: readonly string[]): readonly Uint8Array[] {
    const { networkId } = this.#first;
    return [hexToBytes(networkId), hexToBytes(this.#handle), utf8ToBytes(names.join(' '))];
  }

  /** The same for the same file, so that a repeat gives the same part. */
  #setOf(names: readonly string[]): Hex {
    const hash = this.#party.createSha256();
    for (const field of this.#named(names)) hash.update(field);
    return bytesToHex(hash.digest().slice(0, 16));
  }

  async #provenance(
    entries: readonly BundleEntry[],
    of: readonly { readonly planned: PlannedRecord; readonly replaced?: Replaced }[],
  ): Promise<Provenance> {
    const versions: ImportedVersion[] = [];
    for (const { planned, replaced } of of) {
      const { archived, acknowledgement } = planned;
      const { at, seal, write } = archived;
      const { networkId: network } = this.#first;
      const kept = replaced && { replaced };
      const proof = parseSealProof(await readBytes(this.#source, seal.from, seal.to));
      versions.push({
        network,
        record: write.record,
        version: write.version,
        author: parseBody(acknowledgement.body).request.party,
        organisation: logOf(this.#first, acknowledgement.log).log.organisation,
        at,
        ...(proof && { signed: formatOrigin({ network, acknowledgement, seal: proof, ...kept }) }),
      });
    }
    const by = { party: this.#party.address, at: seconds(this.#party.clock) };
    return provenanceOfImport(entries, by, versions);
  }
}

/** Records of a kind side by side; each that is about another one after that. */
function inTurn(planned: readonly PlannedRecord[]): readonly (readonly PlannedRecord[])[] {
  const groups = Map.groupBy(planned, (each) => (each.kind === 'about' ? each : each.kind));
  return [...groups.values()];
}

function refused(reason: string): MedsealError {
  return new MedsealError('ARGUMENT_INVALID', { argument: 'archive', reason });
}
