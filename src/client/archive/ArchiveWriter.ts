import { concatBytes } from '../../crypto/bytes.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import { toMedsealError } from '../../errors/toMedsealError.ts';
import type { Party } from '../party/Party.ts';
import type { Spooled } from '../party/Spool.ts';
import type { FetchedVersion } from '../records/fetchVersion.ts';
import type { GroupFile } from '../records/fetchGroups.ts';
import { openVersion } from '../records/openVersion.ts';
import type { Chart } from '../records/readChart.ts';
import type { ChartRecord } from '../records/viewChart.ts';
import type { ArchiveFile } from './ArchiveFile.ts';
import {
  contentName,
  DERIVED,
  folderOf,
  NAMED_BY,
  SEAL,
  type ChainRecord,
} from './archivePaths.ts';
import type { ExaminedArchive } from './examineArchive.ts';
import type { ManifestFile } from './Manifest.ts';
import { contentSize, formatSealProof, LONGEST_HEAD, proveSeal } from './sealProof.ts';
import type { ArchivedRecord } from './tailFiles.ts';
import { measure, onePiece, tapped } from './tapped.ts';
import { TAR_BLOCK, tarFile, tarHeader, tarPadding } from './tarHeader.ts';

/** An archive that records are added to, and the list of what it holds. */
export class ArchiveWriter {
  readonly #party: Party;
  readonly #file: ArchiveFile;
  readonly #files: ManifestFile[];
  readonly #records: ArchivedRecord[];

  /**
   * @param party - The patient.
   * @param file - The archive, cut off behind what is sound.
   * @param begun - Findings about it before that.
   */
  constructor(
    party: Party,
    file: ArchiveFile,
    { files, proven, soundTo }: Pick<ExaminedArchive, 'files' | 'proven' | 'soundTo'>,
  ) {
    this.#party = party;
    this.#file = file;
    this.#records = proven.filter(({ content }) => content.end <= soundTo);
    const folders = new Set(this.#records.map(({ folder }) => folder));
    const isKept = ({ path }: ManifestFile): boolean =>
      path.startsWith('records/') ? folders.has(folderOf(path)) : !DERIVED.includes(path);
    this.#files = files.filter(isKept);
  }

  /** All files so far, in their order. */
  get files(): readonly ManifestFile[] {
    return this.#files;
  }

  /** The record versions so far. */
  get records(): readonly ArchivedRecord[] {
    return this.#records;
  }

  /** Returns the record versions so far in the order of the chain. */
  inOrder(standing: readonly ChainRecord[]): readonly ArchivedRecord[] {
    const byFolder = new Map(this.#records.map((each) => [each.folder, each]));
    return standing.flatMap(({ folder }) => byFolder.get(folder) ?? []);
  }

  /**
   * Adds a file whose size is known only once it was made: it is made twice.
   * @param name - Its name.
   * @param make - Makes its content, each time the same.
   */
  async addStream(name: string, make: () => AsyncIterable<Uint8Array>): Promise<void> {
    const measured = await measure(this.#party.createSha256, make());
    await this.#file.append(tarHeader({ name, size: measured.size }));
    for await (const piece of make()) await this.#file.append(piece);
    await this.#file.append(tarPadding(measured.size));
    this.#files.push({ path: name, ...measured });
  }

  /**
   * Adds a record version, or leaves the archive as it was.
   * @param chart - The chart.
   * @param record - The version, as the chart lists it.
   * @param of - The version, as the audit has it.
   * @param fetched - Its sealed file, which is discarded.
   * @returns Reason why it cannot be read; undefined if it was added.
   * @throws MedsealError of the archive.
   */
  async addRecord(
    chart: Chart,
    record: ChartRecord,
    of: ChainRecord,
    fetched: GroupFile | undefined,
  ): Promise<MedsealError | undefined> {
    if (fetched === undefined) return new MedsealError('PEER_MALFORMED', { what: 'outcome' });
    if (fetched instanceof MedsealError) return fetched;
    const start = await this.#file.size();
    try {
      await this.#add(chart, record, of, fetched, start);
      return undefined;
    } catch (error) {
      if (!(error instanceof Unread)) throw error;
      await this.#file.truncate(start);
      return error.reason;
    } finally {
      await fetched.sealed.discard();
    }
  }

  async #add(
    chart: Chart,
    record: ChartRecord,
    of: ChainRecord,
    { sealed: file, evidence }: FetchedVersion,
    start: number,
  ): Promise<void> {
    const begun = withBeginning(file);
    const opened = await reading(() =>
      openVersion(this.#party, chart, record, evidence, begun.sealed),
    );
    const all = tapped(this.#party.createSha256, opened.content);
    const pieces = all.pieces[Symbol.asyncIterator]();
    let beginning: Uint8Array = new Uint8Array();
    let next = await reading(async () => await pieces.next());
    while (next.done !== true && beginning.length < NAMED_BY) {
      beginning = concatBytes(beginning, next.value);
      next = await reading(async () => await pieces.next());
    }
    const proof = await reading(() => {
      if (opened.fileKey === undefined) throw new MedsealError('SEAL_UNREADABLE', {});
      return proveSeal(of.write, begun.beginning(), opened.fileKey);
    });
    const seal = formatSealProof(proof);
    const size = contentSize(of.write.size, proof);
    const name = `${of.folder}/${contentName(beginning)}`;
    const sealEntry = tarFile(`${of.folder}/${SEAL}`, seal);
    await this.#file.append(concatBytes(sealEntry, tarHeader({ name, size }), beginning));
    for (; next.done !== true; next = await reading(async () => await pieces.next())) {
      await this.#file.append(next.value);
    }
    if (all.size() !== size) throw new Unread(new MedsealError('SEAL_UNREADABLE', {}));
    await this.#file.append(tarPadding(size));
    const at = start + sealEntry.length;
    const from = at + TAR_BLOCK;
    const to = from + size;
    const content = { name, size, at, from, to, end: to + tarPadding(size).length };
    const proven = start + TAR_BLOCK;
    const sealed = { at: start, from: proven, to: proven + seal.length, end: at };
    const sealOf = { name: `${of.folder}/${SEAL}`, size: seal.length, ...sealed };
    const hash = await measure(this.#party.createSha256, onePiece(seal));
    this.#files.push({ path: sealOf.name, ...hash });
    this.#files.push({ path: name, size, sha256: all.digest() });
    this.#records.push({ ...of, seal: sealOf, content });
  }
}

/** A sealed file whose beginning is kept as it goes by, so that it is read once. */
function withBeginning(file: Spooled): {
  readonly sealed: Spooled;
  readonly beginning: () => Uint8Array;
} {
  let beginning: Uint8Array = new Uint8Array();
  return {
    sealed: { read, discard: async () => await file.discard() },
    beginning: () => beginning,
  };

  async function* read(): AsyncGenerator<Uint8Array> {
    beginning = new Uint8Array();
    for await (const piece of file.read()) {
      const left = LONGEST_HEAD - beginning.length;
      if (left > 0) beginning = concatBytes(beginning, piece.subarray(0, left));
      yield piece;
    }
  }
}

/** A record cannot be read, which is not a fault of the archive. */
class Unread extends Error {
  readonly reason: MedsealError;

  constructor(reason: MedsealError) {
    super(reason.message, { cause: reason });
    this.reason = reason;
  }
}

async function reading<Value>(read: () => Promise<Value> | Value): Promise<Value> {
  try {
    return await read();
  } catch (error) {
    throw new Unread(toMedsealError(error));
  }
}
