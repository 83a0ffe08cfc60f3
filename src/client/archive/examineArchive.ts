import { bytesToHex, equalBytes } from '../../crypto/bytes.ts';
import { portableSha256 } from '../../crypto/portableSha256.ts';
import { isMedsealError } from '../../errors/isMedsealError.ts';
import { parseEvidenceFile } from '../../protocol/evidence/parseEvidenceFile.ts';
import type { SavedChain } from '../../protocol/evidence/evidence.ts';
import { pairName } from '../../protocol/evidence/viewSet.ts';
import { isSameNetworkFile } from '../../protocol/network/isSameNetworkFile.ts';
import { faultsOf } from '../audit/readAudit.ts';
import type { ChainContext } from '../records/examinePart.ts';
import { examineChain, type ExaminedChain } from '../witness/examineChain.ts';
import { archiveEntries, type ArchiveEnd, type ArchiveEntry } from './archiveEntries.ts';
import { readBytes, type ArchiveSource } from './ArchiveFile.ts';
import { archiveJsonOf } from './archiveJson.ts';
import {
  ARCHIVE,
  contentName,
  folderOf,
  HEAD_FILES,
  NAMED_BY,
  rankOf,
  RECORD_RANK,
  SEAL,
  TAIL_FILES,
  type ChainRecord,
} from './archivePaths.ts';
import { subjectOf, type ArchiveSubject } from './archiveSubject.ts';
import { chainRecords } from './chainRecords.ts';
import {
  formatManifest,
  leftOutIn,
  manifestOf,
  type LeftOut,
  type ManifestFile,
} from './Manifest.ts';
import { readme } from './readme.ts';
import { rightsFault } from './rightsFile.ts';
import { parseSealProof, sealFault, type SealPorts } from './sealProof.ts';
import { derivedFile, type ArchivedRecord } from './tailFiles.ts';
import { measure, tapped } from './tapped.ts';

/** Trusted data that an archive is verified with, and a fast cipher and SHA-256 if there are. */
export type ArchiveContext = ChainContext & Partial<SealPorts>;

/** A fault of an archive. */
export interface ArchiveFault {
  /** The file in the archive that has it, or the archive. */
  readonly path: string;
  /** Reason in words. */
  readonly reason: string;
}

/** Findings about an archive. */
export interface ExaminedArchive {
  /** Absent if the archive has no audit that can be read. */
  readonly subject?: ArchiveSubject;
  /** Findings about the audit in it. */
  readonly chain?: ExaminedChain;
  /** The audit as it was saved. */
  readonly saved?: SavedChain;
  /** True if it has the very network file that it was verified with. */
  readonly isPinned: boolean;
  /** Record versions that the audit has and the patient did not erase, oldest first. */
  readonly standing: readonly ChainRecord[];
  readonly erased: readonly ChainRecord[];
  /** Record versions in the archive that are what their authors signed, oldest first. */
  readonly proven: readonly ArchivedRecord[];
  /** Record versions that are missing, with the reasons that the archive states. */
  readonly left: readonly LeftOut[];
  /** Files in their order, but for the manifest. */
  readonly files: readonly ManifestFile[];
  readonly faults: readonly ArchiveFault[];
  /** Place up to which the archive can be gone on from: what stands before it is sound. */
  readonly soundTo: number;
}

/** Largest files that are read into memory, bytes. */
const MOST: Readonly<Record<string, number>> = {
  [ARCHIVE.readme]: 2 ** 16,
  [ARCHIVE.network]: 2 ** 24,
  [ARCHIVE.successors]: 2 ** 26,
  [ARCHIVE.rights]: 2 ** 26,
  [ARCHIVE.chain]: 2 ** 28,
  [ARCHIVE.manifest]: 2 ** 28,
};
const MOST_SEAL = 2 ** 17;

/**
 * Examines an archive from its first byte to its last, with the pinned network file alone: nobody is asked, nothing is unpacked,
 * and no name in it is believed. Memory stays flat, but for the audit in it.
 *
 * @param context - Trusted data, and ports.
 * @param source - The archive.
 * @param onRecord - Called before each record version, with its number and how many there are.
 * @throws MedsealError of the archive, such as `ARGUMENT_INVALID` if it cannot be read; a fault is returned.
 * @example
 * ```ts
 * const context = { ...webPorts, network, domain: domainOf(network) };
 * const { proven, faults } = await examineArchive(context, archive);
 * console.log(`${proven.length} record versions, ${faults.length} faults`);
 * ```
 */
export async function examineArchive(
  context: ArchiveContext,
  source: ArchiveSource,
  onRecord?: (nth: number, of: number) => void,
): Promise<ExaminedArchive> {
  const ports = { createSha256: portableSha256, ...context };
  return await new Examination(ports, source, onRecord).run();
}

/** One examination, step by step. */
class Examination {
  readonly #context: ChainContext & SealPorts;
  readonly #source: ArchiveSource;
  readonly #onRecord: ((nth: number, of: number) => void) | undefined;
  readonly #faults: ArchiveFault[] = [];
  readonly #files = new Map<string, ManifestFile>();
  readonly #proven = new Map<string, ArchivedRecord>();
  #isPinned = false;
  #subject: ArchiveSubject | undefined;
  #chain: ExaminedChain | undefined;
  #saved: SavedChain | undefined;
  #standing: readonly ChainRecord[] = [];
  #erased: readonly ChainRecord[] = [];
  #left: readonly LeftOut[] = [];

  constructor(
    context: ChainContext & SealPorts,
    source: ArchiveSource,
    onRecord: ((nth: number, of: number) => void) | undefined,
  ) {
    this.#context = context;
    this.#source = source;
    this.#onRecord = onRecord;
  }

  async run(): Promise<ExaminedArchive> {
    const entries: ArchiveEntry[] = [];
    const list = archiveEntries(this.#source);
    let next = await list.next();
    for (; next.done !== true; next = await list.next()) entries.push(next.value);
    const there = this.#inOrder(entries);
    const head = there.filter(({ name }) => HEAD_FILES.includes(name));
    // The audit says what all else must be.
    for (const entry of head.toReversed()) await this.#examineHead(entry);
    await this.#examineRecords(there.filter(({ name }) => rankOf(name) === RECORD_RANK));
    for (const entry of there.filter(({ name }) => TAIL_FILES.includes(name))) {
      await this.#examineTail(entry, entries);
    }
    this.#requireAll(there, next.value);
    return {
      ...(this.#subject && { subject: this.#subject }),
      ...(this.#chain && { chain: this.#chain }),
      ...(this.#saved && { saved: this.#saved }),
      isPinned: this.#isPinned,
      standing: this.#standing,
      erased: this.#erased,
      proven: this.#archived(),
      left: this.#left,
      files: this.#listed(entries),
      faults: this.#faults,
      soundTo: this.#soundTo(entries),
    };
  }

  #fault(path: string, reason: string): void {
    this.#faults.push({ path, reason });
  }

  /** The proven versions in the order of the chain, wherever they lie. */
  #archived(): readonly ArchivedRecord[] {
    return this.#standing.flatMap(({ folder }) => this.#proven.get(folder) ?? []);
  }

  #listed(entries: readonly ArchiveEntry[]): readonly ManifestFile[] {
    return entries.flatMap(({ name }) => this.#files.get(name) ?? []);
  }

  /** Names files that do not belong there, that are there twice, or not in their place; the others are examined. */
  #inOrder(entries: readonly ArchiveEntry[]): readonly ArchiveEntry[] {
    const names = new Set<string>();
    let reached = 0;
    return entries.filter(({ name }) => {
      const rank = rankOf(name);
      const isKnown = rank !== undefined;
      const reason = !isKnown
        ? 'the file does not belong in an archive'
        : names.has(name)
          ? 'the file is there twice'
          : rank < reached
            ? 'the file is not in its place'
            : undefined;
      names.add(name);
      reached = Math.max(reached, rank ?? 0);
      if (reason !== undefined) this.#fault(name, reason);
      return reason === undefined;
    });
  }

  /** Reads a file that fits in memory, and lists it. */
  async #readSmall(entry: ArchiveEntry, most: number): Promise<Uint8Array | undefined> {
    const { name, from, to, size } = entry;
    if (size > most) {
      this.#fault(name, `the file is larger than ${most} bytes`);
      return undefined;
    }
    const bytes = await readBytes(this.#source, from, to);
    const hash = this.#context.createSha256();
    hash.update(bytes);
    this.#files.set(name, { path: name, size, sha256: bytesToHex(hash.digest()) });
    return bytes;
  }

  async #examineHead(entry: ArchiveEntry): Promise<void> {
    const { name } = entry;
    const bytes = await this.#readSmall(entry, MOST[name] ?? 0);
    if (bytes === undefined) return;
    if (name === ARCHIVE.chain) {
      await this.#examineChain(bytes);
      return;
    }
    if (this.#subject === undefined) return;
    const reason = this.#headFault(name, bytes, this.#subject);
    if (reason !== undefined) this.#fault(name, reason);
  }

  #headFault(name: string, bytes: Uint8Array, subject: ArchiveSubject): string | undefined {
    if (name === ARCHIVE.readme) {
      return equalBytes(bytes, readme(subject))
        ? undefined
        : 'the text is not that of this version';
    }
    if (name === ARCHIVE.rights) return rightsFault(this.#context, subject.handle, bytes);
    const value = archiveJsonOf(bytes);
    if (value === undefined) return 'the file is not JSON';
    if (name === ARCHIVE.successors) return undefined;
    const { network } = this.#context;
    this.#isPinned = isSameNetworkFile(network, value);
    const { networkId } = Object(value) as Partial<ArchiveContext['network']>;
    return networkId === network.networkId ? undefined : 'it is the file of another network';
  }

  async #examineChain(bytes: Uint8Array): Promise<void> {
    try {
      const file = parseEvidenceFile(bytes);
      if (file.kind !== 'chain' || file.chain.party !== undefined) {
        this.#fault(ARCHIVE.chain, 'it is not the audit of a patient');
        return;
      }
      this.#chain = await examineChain(this.#context, file.chain);
      this.#subject = subjectOf(file.chain);
      this.#saved = file.chain;
    } catch (error) {
      if (!isMedsealError(error, 'EVIDENCE_INVALID')) throw error;
      this.#fault(ARCHIVE.chain, error.values.reason);
      return;
    }
    const { logs, faults } = this.#chain;
    for (const reason of [...faults, ...faultsOf({ logs })]) this.#fault(ARCHIVE.chain, reason);
    const { standing, erased } = chainRecords(logs.flatMap(({ events }) => events));
    this.#standing = standing;
    this.#erased = erased;
  }

  /** A proof stands right before the content that it is of. */
  async #examineRecords(entries: readonly ArchiveEntry[]): Promise<void> {
    const byFolder = new Map(this.#standing.map((each) => [each.folder, each]));
    const folders = Map.groupBy(entries, ({ name }) => folderOf(name));
    let nth = 0;
    for (const [folder, files] of folders) {
      this.#onRecord?.((nth += 1), folders.size);
      const known = byFolder.get(folder);
      if (known === undefined) {
        this.#fault(folder, 'the audit has no such record version');
        continue;
      }
      const [seal, content] = files;
      const isPair = seal?.name === `${folder}/${SEAL}` && content?.at === seal.end;
      if (!isPair || files.length > 2) {
        this.#fault(folder, 'it does not hold exactly a proof and a content');
        continue;
      }
      const reason = await this.#recordFault(known, seal, content);
      if (reason === undefined) this.#proven.set(folder, { ...known, seal, content });
      else this.#fault(content.name, reason);
    }
  }

  async #recordFault(
    { write, folder }: ChainRecord,
    seal: ArchiveEntry,
    content: ArchiveEntry,
  ): Promise<string | undefined> {
    const bytes = await this.#readSmall(seal, MOST_SEAL);
    const proof = bytes && parseSealProof(bytes);
    const { from, to, name, size } = content;
    const beginning = await readBytes(this.#source, from, Math.min(to, from + NAMED_BY));
    const all = tapped(this.#context.createSha256, this.#source.read(from, to));
    const reason = proof && (await sealFault(this.#context, write, proof, all.pieces));
    if (proof === undefined) return `${SEAL} is malformed`;
    if (reason !== undefined) return reason;
    this.#files.set(name, { path: name, size, sha256: all.digest() });
    const expected = `${folder}/${contentName(beginning)}`;
    return name === expected ? undefined : `by its first bytes it should be named ${expected}`;
  }

  async #examineTail(entry: ArchiveEntry, entries: readonly ArchiveEntry[]): Promise<void> {
    const { name, from, to } = entry;
    if (this.#subject === undefined) return;
    if (name === ARCHIVE.manifest) {
      await this.#examineManifest(entry, entries, this.#subject);
      return;
    }
    const { createSha256 } = this.#context;
    const there = await measure(createSha256, this.#source.read(from, to));
    this.#files.set(name, { path: name, ...there });
    const made = await measure(
      createSha256,
      derivedFile(name, this.#source, this.#archived(), this.#subject),
    );
    if (there.sha256 !== made.sha256)
      this.#fault(name, 'it is not what the records in the archive give');
  }

  async #examineManifest(
    entry: ArchiveEntry,
    entries: readonly ArchiveEntry[],
    subject: ArchiveSubject,
  ): Promise<void> {
    const bytes = await this.#readSmall(entry, MOST[ARCHIVE.manifest] ?? 0);
    if (bytes === undefined) return;
    this.#files.delete(ARCHIVE.manifest);
    const stated = new Map((leftOutIn(bytes) ?? []).map((each) => [pairName(each), each.code]));
    const isThere = new Set(entries.map(({ name }) => folderOf(name)));
    this.#left = this.#standing.flatMap(({ folder, write }): LeftOut[] => {
      const code = stated.get(pairName(write));
      if (isThere.has(folder) || code === undefined) return [];
      return [{ record: write.record, version: write.version, code }];
    });
    const manifest = manifestOf(subject, this.#listed(entries), this.#erased, this.#left);
    if (equalBytes(bytes, formatManifest(manifest))) return;
    this.#fault(ARCHIVE.manifest, this.#manifestFault(bytes));
  }

  /** Names the files that a manifest says otherwise of: one of them was altered, or the manifest. */
  #manifestFault(bytes: Uint8Array): string {
    const { files } = Object(archiveJsonOf(bytes)) as { readonly files?: unknown };
    const stated = Array.isArray(files) ? (files as readonly Partial<ManifestFile>[]) : [];
    const hashes = new Map(stated.map((each) => [each.path, each.sha256]));
    const others = [...this.#files.values()].filter(
      ({ path, sha256 }) => hashes.get(path) !== sha256,
    );
    return others.length === 0
      ? 'it does not list what the archive holds'
      : `it states another hash of ${others.map(({ path }) => path).join(', ')}`;
  }

  /** Names what is missing. */
  #requireAll(entries: readonly ArchiveEntry[], { at, end }: ArchiveEnd): void {
    const names = new Set(entries.map(({ name }) => name));
    if (end === 'torn') this.#fault(WHOLE, `it ends within a file, at byte ${at}: it was cut off`);
    if (end === 'damaged')
      this.#fault(WHOLE, `what follows byte ${at} is not a file of an archive`);
    for (const name of [...HEAD_FILES, ...TAIL_FILES]) {
      if (name !== ARCHIVE.successors && !names.has(name)) this.#fault(name, 'the file is missing');
    }
    const stated = new Map(this.#left.map((each) => [pairName(each), each.code]));
    const isThere = new Set(entries.map(({ name }) => folderOf(name)));
    for (const { folder, write } of this.#standing) {
      if (isThere.has(folder)) continue;
      const code = stated.get(pairName(write));
      this.#fault(folder, code === undefined ? 'the record is missing' : `${LEFT} (${code})`);
    }
  }

  /** Ends before the first file that has a fault, and before those that stand behind the records. */
  #soundTo(entries: readonly ArchiveEntry[]): number {
    const names = new Set(this.#faults.map(({ path }) => path));
    let soundTo = 0;
    for (const { name, end } of entries) {
      const folder = folderOf(name);
      const isHead = HEAD_FILES.includes(name);
      if (names.has(name) || (!isHead && rankOf(name) !== RECORD_RANK) || names.has(folder)) break;
      if (isHead || !name.endsWith(`/${SEAL}`)) soundTo = end;
      if (!isHead && !this.#proven.has(folder)) break;
    }
    return soundTo;
  }
}

const LEFT = 'the record could not be read when the archive was made';

/** Name of the archive among faults. */
const WHOLE = 'the archive';
