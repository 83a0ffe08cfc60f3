// Over 400 lines: a log is one object, and each of its reads stands beside the append that wrote the rows.

import type { Primitives } from '../crypto/Primitives.ts';
import { bytesToHex, bytesToUtf8, concatBytes, hexToBytes } from '../crypto/bytes.ts';
import { consistencyProof } from '../crypto/merkle/consistencyProof.ts';
import { inclusionProof } from '../crypto/merkle/inclusionProof.ts';
import { leafHash } from '../crypto/merkle/leafHash.ts';
import { MerkleFrontier } from '../crypto/merkle/MerkleFrontier.ts';
import type { ReadHash } from '../crypto/merkle/ReadHash.ts';
import { subtreeRoot } from '../crypto/merkle/subtreeRoot.ts';
import { readU64 } from '../crypto/u64.ts';
import { MedsealError } from '../errors/MedsealError.ts';
import type {
  Acknowledgement,
  EntryBody,
  PlacedCheckpoint,
  SignedVerdict,
} from '../protocol/evidence/evidence.ts';
import type { Address, Bytes32, Handle } from '../protocol/ids.ts';
import type { LogIdentity } from '../protocol/network/NetworkFile.ts';
import { AppendGroup } from './AppendGroup.ts';
import { AuthorIndex } from './AuthorIndex.ts';
import { CheckpointRows } from './CheckpointRows.ts';
import type { BodyEncryption } from './encryptBodies.ts';
import { decodeEntryRow, storedEntry, type EntryRow } from './entryRow.ts';
import { entryRows } from './entryRows.ts';
import { erasedRows, UNKNOWN } from './erasedRows.ts';
import type { ErasurePlaces } from './ErasurePlaces.ts';
import type {
  CopiedEntry,
  ErasedEntry,
  EvidenceLog,
  ExaminedEntry,
  StoredEntry,
  NewEntry,
  PlacedVersion,
  RequestName,
} from './EvidenceLog.ts';
import type { RecordVersion } from './RecordVersion.ts';
import { examineLogRows } from './examineEntries.ts';
import { GroupCommit } from '../database/GroupCommit.ts';
import { hashReader, hashWalk } from './hashReader.ts';
import { logRowKeys } from './keys.ts';
import type { LogRows } from './LogRows.ts';
import { mendTree } from './mendTree.ts';
import { decodeTombstone, isErased, tombstoneOf, type Tombstone } from './tombstone.ts';
import { decodePlacements, readVerdicts, VerdictWriter, type Statement } from './verdictRows.ts';
import {
  fileOf,
  prepareCopy,
  prepareEntry,
  type PreparedEntry,
  type PreparedRow,
} from './prepareEntry.ts';

/** The most bytes of bodies that one write takes, unless one call has more. */
const GROUP_LIMIT = 8 * 1024 * 1024;
/** Weight of an entry's other rows in a write, beside its body. */
const ENTRY_WEIGHT = 4096;
const TILE = 256;
const NO_RECORD = new Uint8Array(32);

/** The entries that one call appends: at the end, or copies of entries at their places. */
interface Call {
  readonly entries: readonly (PreparedEntry | PreparedRow)[];
  /** Place of the first, if it may stand nowhere else. */
  readonly from?: number;
}

/** Results of a write of appends: new acknowledgements and places of earlier ones, by request. */
interface Appended {
  readonly fresh: ReadonlyMap<Bytes32, Acknowledgement>;
  readonly earlier: ReadonlyMap<Bytes32, number>;
  /** Calls that came for another place than the log's end. */
  readonly misplaced: ReadonlySet<Call>;
}

/** An evidence log over the rows of a database. */
export class DatabaseLog implements EvidenceLog {
  readonly identity: LogIdentity;
  readonly #rows: LogRows;
  readonly #primitives: Primitives;
  /** The last statements that were read: all entries of an array share them. */
  readonly #statements = new Map<Bytes32, Statement>();
  readonly #bodies: BodyEncryption;
  readonly #readHash: ReadHash;
  readonly #checkpoints: CheckpointRows;
  readonly #appends: GroupCommit<Call, Appended>;
  readonly #authors: AuthorIndex;
  readonly #erasures: ErasurePlaces;
  /** The right edge of the tree as it is on disk. */
  #frontier: MerkleFrontier;
  #closed = false;
  #restored = 0;
  /** Those who wait until it has so many entries. */
  readonly #waiting = new Set<{ readonly size: number; readonly resolve: () => void }>();

  /**
   * @param identity - Whose log it is.
   * @param rows - Of an open database that was claimed for it.
   * @param primitives - SHA-256.
   * @param bodies - Encrypts bodies.
   * @param held - The right edge of the tree that the rows hold, and the entries in them that erase.
   */
  constructor(
    identity: LogIdentity,
    rows: LogRows,
    primitives: Primitives,
    bodies: BodyEncryption,
    held: { readonly frontier: MerkleFrontier; readonly erasures: ErasurePlaces },
  ) {
    this.identity = identity;
    this.#rows = rows;
    this.#primitives = primitives;
    this.#bodies = bodies;
    this.#frontier = held.frontier;
    this.#erasures = held.erasures;
    this.#readHash = hashReader(rows, primitives);
    this.#checkpoints = new CheckpointRows(rows);
    this.#authors = new AuthorIndex(async (from, to) => await this.#bodiesOf(from, to));
    this.#appends = new GroupCommit(async (calls) => await this.#write(calls), weigh, GROUP_LIMIT);
  }

  get size(): number {
    return this.#frontier.size;
  }

  get restored(): number {
    return this.#restored;
  }

  async grown(size: number, signal: AbortSignal): Promise<void> {
    if (this.size >= size || signal.aborted) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    const end = (): void => resolve();
    const waiting = { size, resolve: end };
    this.#waiting.add(waiting);
    signal.addEventListener('abort', end, { once: true });
    await promise;
    signal.removeEventListener('abort', end);
    this.#waiting.delete(waiting);
  }

  async append(entries: readonly NewEntry[]): Promise<readonly Acknowledgement[]> {
    if (this.#closed) throw new MedsealError('CLOSED', { what: 'log' });
    const prepared = entries.map((entry) => prepareEntry(this.#primitives, entry));
    const { fresh, earlier } = await this.#appends.add({ entries: prepared });
    return await Promise.all(
      entries.map(async ({ request }) => {
        return fresh.get(request) ?? (await this.#acknowledgement(earlier.get(request)));
      }),
    );
  }

  async copy(from: number, entries: readonly (NewEntry | ErasedEntry)[]): Promise<void> {
    if (this.#closed) throw new MedsealError('CLOSED', { what: 'log' });
    const call = { entries: entries.map((entry) => prepareCopy(this.#primitives, entry)), from };
    const { misplaced } = await this.#appends.add(call);
    if (misplaced.has(call)) throw new MedsealError('REQUEST_MALFORMED', { what: 'place' });
  }

  async copies(range: { from: number; to: number }): Promise<readonly CopiedEntry[]> {
    const { from, to } = this.#checked(range);
    const [rows, sealed] = await Promise.all([
      this.#entryRows(from, to),
      this.#rows.numbered(logRowKeys.body, from, to),
    ]);
    const read = rows.map((row, i) => ({ index: from + i, row, sealed: sealed.get(from + i) }));
    return await this.#copied(read);
  }

  async examine(range: { from: number; to: number }): Promise<readonly ExaminedEntry[]> {
    const options = { primitives: this.#primitives, bodies: this.#bodies };
    return await examineLogRows(this.#rows, options, this.#checked(range));
  }

  async restore(index: number, entry: NewEntry | ErasedEntry): Promise<void> {
    this.#within(index, this.size - 1, 'entry');
    const prepared = prepareCopy(this.#primitives, entry);
    const verdicts = new VerdictWriter(this.#primitives);
    const settled = { type: 'del', key: logRowKeys.patient(hexToBytes(UNKNOWN), index) } as const;
    const file = fileOf(prepared);
    const [owner] = file === undefined ? [] : await this.#filesAt([file]);
    const ownsFile = owner === undefined || owner >= index;
    const rows = entryRows(this.#bodies, verdicts, index, prepared, ownsFile);
    await this.#rows.write([settled, ...rows, ...verdicts.changes()]);
    this.#restored += 1;
    if (hasBody(prepared)) this.#noteErasure(prepared, index);
    this.#authors.changed(index);
  }

  async mendTree(): Promise<number> {
    return (await mendTree(this.#rows, this.#primitives, this.size)).mended;
  }

  async answeredAt(requests: readonly RequestName[]): Promise<readonly (number | undefined)[]> {
    const found = await this.#rows.getMany(
      requests.map(({ request, deadline }) => logRowKeys.request(deadline, hexToBytes(request))),
    );
    return found.map((place) => place && readU64(place, 0));
  }

  async read(range: { from: number; to: number }): Promise<readonly Acknowledgement[]> {
    return (await this.copies(range)).map((copied) => {
      if (copied.body !== undefined) return copied;
      throw new MedsealError('NOT_FOUND', { what: 'body: it was erased' });
    });
  }

  async readAt(places: readonly number[]): Promise<readonly (Acknowledgement | undefined)[]> {
    const found: (Acknowledgement | undefined)[] = [];
    for (let from = 0; from < places.length; from += PAGE) {
      const page = places.slice(from, from + PAGE);
      for (const place of page) this.#within(place, this.size - 1, 'entry');
      const [rows, sealed] = await Promise.all([
        this.#rows.getMany(page.map(logRowKeys.entry)),
        this.#rows.getMany(page.map(logRowKeys.body)),
      ]);
      const read = page.map((index, i) => {
        return { index, row: decodeEntryRow(rows[i]) ?? lost(), sealed: sealed[i] };
      });
      for (const copied of await this.#copied(read)) {
        found.push(copied.body === undefined ? undefined : copied);
      }
    }
    return found;
  }

  async entriesAt(places: readonly number[]): Promise<readonly (Bytes32 | undefined)[]> {
    const within = places.filter((place) => isBetween(place, 0, this.size - 1));
    const [rows, sealed] = await Promise.all([
      this.#rows.getMany(within.map(logRowKeys.entry)),
      this.#rows.getMany(within.map(logRowKeys.body)),
    ]);
    const entries = new Map<number, Bytes32>();
    for (const [i, place] of within.entries()) {
      const [row, body] = [decodeEntryRow(rows[i]), sealed[i]];
      // Of an erased entry only the verdicts were verified, if it came here without its body.
      if (row && body && !isErased(body)) entries.set(place, bytesToHex(row.entry));
    }
    return places.map((place) => entries.get(place));
  }

  async stored(range: { from: number; to: number }): Promise<readonly StoredEntry[]> {
    const { from, to } = this.#checked(range);
    const rows = await this.#entryRows(from, to);
    const verdicts = await this.#verdicts(rows);
    return rows.map((row, i) => storedEntry(from + i, row, verdicts[i] ?? []));
  }

  async erase(index: number): Promise<void> {
    this.#within(index, this.size - 1, 'entry');
    const key = logRowKeys.body(index);
    const sealed = await this.#rows.get(key);
    if (sealed !== undefined && isErased(sealed)) return;
    if (this.#erasures.has(index)) return;
    const tombstone = sealed && (await this.#tombstone(index, sealed));
    // Of one that is known all but the body's row is there.
    const rows = erasedRows(index, tombstone).slice(0, tombstone === undefined ? 2 : 1);
    await this.#rows.purge(rows);
    this.#authors.changed(index);
  }

  erasures(handle: Handle): readonly number[] {
    return this.#erasures.of(handle);
  }

  erasing(): readonly Handle[] {
    return this.#erasures.handles();
  }

  async unknown(): Promise<readonly number[]> {
    return await this.concerning(UNKNOWN);
  }

  async concerning(handle: Handle, from = 0): Promise<readonly number[]> {
    const patient = hexToBytes(handle);
    const range = await this.#rows.range(
      logRowKeys.patient(patient, from),
      logRowKeys.patient(patient, this.size),
    );
    return range.map(([key]) => readU64(key, key.length - 8));
  }

  async signedBy(party: Address): Promise<readonly number[]> {
    return await this.#authors.placesOf(party, this.size);
  }

  async versions(handle: Handle): Promise<readonly PlacedVersion[]> {
    const patient = hexToBytes(handle);
    const rows = await this.#rows.range(
      logRowKeys.version(patient, NO_RECORD, 0),
      logRowKeys.versionsEnd(patient),
    );
    const versions = rows.map(([key, place]) => ({
      record: bytesToHex(key.subarray(33, 65)),
      version: readU64(key, 65),
      index: readU64(place, 0),
    }));
    return versions.toSorted((left, right) => left.index - right.index);
  }

  async placeOf(handle: Handle, version: RecordVersion): Promise<number | undefined> {
    return (await this.placesOf([{ handle, ...version }]))[0];
  }

  async placesOf(
    versions: readonly (RecordVersion & { readonly handle: Handle })[],
  ): Promise<readonly (number | undefined)[]> {
    const wanted = versions.map(({ handle, record, version }) =>
      logRowKeys.version(hexToBytes(handle), hexToBytes(record), version),
    );
    return (await this.#rows.getMany(wanted)).map((place) => place && readU64(place, 0));
  }

  async filesAt(files: readonly Bytes32[]): Promise<readonly (number | undefined)[]> {
    return await this.#filesAt(files.map(hexToBytes));
  }

  async root(size: number): Promise<Bytes32> {
    this.#within(size, this.size, 'size of the log');
    if (size === this.size) return bytesToHex(this.#frontier.root());
    return bytesToHex(await subtreeRoot(this.#primitives, this.#readHash, 0, size));
  }

  async peaks(size: number): Promise<readonly Bytes32[]> {
    this.#within(size, this.size, 'size of the log');
    const edge = await MerkleFrontier.load(this.#primitives, size, this.#readHash);
    return edge.peaks.map(bytesToHex);
  }

  edge(): MerkleFrontier {
    return this.#frontier.copy();
  }

  async inclusion(index: number, size: number): Promise<readonly Bytes32[]> {
    const [proof = []] = await this.inclusions([index], size);
    return proof;
  }

  async inclusions(indexes: readonly number[], size: number): Promise<(readonly Bytes32[])[]> {
    this.#within(size, this.size, 'size of the log');
    const readHash = indexes.length > 1 ? hashWalk(this.#rows, this.#primitives) : this.#readHash;
    return await Promise.all(
      indexes.map(async (index) => {
        const proof = await inclusionProof(this.#primitives, readHash, index, size);
        return proof.map(bytesToHex);
      }),
    );
  }

  async consistency(from: number, to: number): Promise<readonly Bytes32[]> {
    this.#within(to, this.size, 'size of the log');
    const proof = await consistencyProof(this.#primitives, this.#readHash, from, to);
    return proof.map(bytesToHex);
  }

  async tile(level: number, index: number, width: number): Promise<Uint8Array> {
    this.#within(level, 6, 'level of tiles');
    const from = this.#tileStart(index, width, Math.floor(this.size / TILE ** level));
    if (level === 0) {
      const leaves = await this.#entryRows(from, from + width);
      return concatBytes(...leaves.map(({ entry }) => leafHash(this.#primitives, entry)));
    }
    const height = 8 * level;
    const hashes = await this.#rows.range(
      logRowKeys.hash(height, from),
      logRowKeys.hash(height, from + width),
    );
    return concatBytes(...hashes.map(([, hash]) => hash));
  }

  async entryBundle(index: number, width: number): Promise<Uint8Array> {
    const from = this.#tileStart(index, width, this.size);
    const rows = await this.#entryRows(from, from + width);
    return concatBytes(...rows.flatMap(({ entry }) => [ENTRY_LENGTH, entry]));
  }

  async latestCheckpoint(): Promise<PlacedCheckpoint | undefined> {
    return await this.#checkpoints.latest();
  }

  checkpoints(): AsyncIterable<PlacedCheckpoint> {
    return this.#checkpoints.all();
  }

  async checkpointCovering(index: number): Promise<PlacedCheckpoint | undefined> {
    this.#within(index, Number.MAX_SAFE_INTEGER - 2, 'entry');
    return await this.#checkpoints.covering(index);
  }

  async keepCheckpoint(placed: PlacedCheckpoint): Promise<void> {
    const { log, size, root } = placed.checkpoint;
    if (log !== this.identity.name) throw refused('it is of another log');
    if (!isBetween(size, 0, this.size)) throw refused('the log is not that long');
    if ((await this.root(size)) !== root) throw refused('its root is not that of the log');
    await this.#checkpoints.put(placed);
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#appends.idle();
    await this.#rows.close();
  }

  async #write(calls: readonly Call[]): Promise<Appended> {
    const appended = calls.flatMap(({ entries, from }) => (from === undefined ? entries : []));
    const [earlier, owned] = await Promise.all([
      this.#placesOf(appended.filter(hasBody)),
      this.#ownedFiles(calls),
    ]);
    const fresh = new Map<Bytes32, Acknowledgement>();
    const misplaced = new Set<Call>();
    const group = new AppendGroup(this.#primitives, this.#bodies, this.#frontier.copy());
    const erasing: (readonly [PreparedEntry, number])[] = [];
    for (const call of calls) {
      if (call.from !== undefined && call.from !== group.frontier.size) {
        misplaced.add(call);
        continue;
      }
      for (const prepared of call.entries) {
        if (call.from === undefined && hasBody(prepared)) {
          const { entry, body, request, verdicts } = prepared.given;
          if (earlier.has(request) || fresh.has(request)) continue;
          const index = group.frontier.size;
          fresh.set(request, { log: this.identity.name, index, entry, body, verdicts });
        }
        if (hasBody(prepared)) erasing.push([prepared, group.frontier.size]);
        const file = fileOf(prepared);
        const name = file && bytesToHex(file);
        group.add(prepared, name === undefined || !owned.has(name));
        if (name !== undefined) owned.add(name);
      }
    }
    if (group.frontier.size > this.size) {
      await this.#rows.write(group.changes());
      // Before the entries are seen: who sees one of them knows what it erases.
      for (const [prepared, index] of erasing) this.#noteErasure(prepared, index);
      this.#frontier = group.frontier;
      for (const { size, resolve } of this.#waiting) if (size <= this.size) resolve();
    }
    return { fresh, earlier, misplaced };
  }

  #noteErasure({ given }: PreparedEntry, index: number): void {
    if (given.erases === true) this.#erasures.add(given.handle, index);
  }

  async #placesOf(entries: readonly PreparedEntry[]): Promise<ReadonlyMap<Bytes32, number>> {
    const requests = entries.map(({ given }) => given);
    const places = new Map<Bytes32, number>();
    for (const [i, place] of (await this.answeredAt(requests)).entries()) {
      const given = requests[i];
      if (given !== undefined && place !== undefined) places.set(given.request, place);
    }
    return places;
  }

  /** The sealed files that calls name and that earlier entries put on a chart. */
  async #ownedFiles(calls: readonly Call[]): Promise<Set<string>> {
    const files = calls.flatMap(({ entries }) => entries.flatMap((each) => fileOf(each) ?? []));
    const places = await this.#filesAt(files);
    const owned = files.filter((_, i) => places[i] !== undefined);
    return new Set(owned.map(bytesToHex));
  }

  async #filesAt(files: readonly Uint8Array[]): Promise<readonly (number | undefined)[]> {
    if (files.length === 0) return [];
    return (await this.#rows.getMany(files.map(logRowKeys.file))).map(
      (place) => place && readU64(place, 0),
    );
  }

  async #acknowledgement(index: number | undefined): Promise<Acknowledgement> {
    const from = index ?? this.size;
    const [acknowledgement] = await this.read({ from, to: from + 1 });
    if (acknowledgement === undefined) throw new MedsealError('NOT_FOUND', { what: 'entry' });
    return acknowledgement;
  }

  async #entryRows(from: number, to: number): Promise<EntryRow[]> {
    const rows = await this.#rows.numbered(logRowKeys.entry, from, to);
    return Array.from({ length: to - from }, (_, i) => {
      return decodeEntryRow(rows.get(from + i)) ?? lost();
    });
  }

  /** Bodies of entries; undefined for one that was erased. */
  async #bodiesOf(from: number, to: number): Promise<readonly (EntryBody | undefined)[]> {
    const [rows, sealed] = await Promise.all([
      this.#entryRows(from, to),
      this.#rows.numbered(logRowKeys.body, from, to),
    ]);
    return rows.map(({ entry }, i) => {
      const body = sealed.get(from + i);
      if (body === undefined) throw new MedsealError('SEAL_UNREADABLE', {});
      if (isErased(body)) return undefined;
      return JSON.parse(bytesToUtf8(this.#bodies.open(from + i, body, entry))) as EntryBody;
    });
  }

  /** Entries with their verdicts, and with what is left of their bodies. */
  async #copied(
    read: readonly {
      readonly index: number;
      readonly row: EntryRow;
      readonly sealed: Uint8Array | undefined;
    }[],
  ): Promise<readonly CopiedEntry[]> {
    const verdicts = await this.#verdicts(read.map(({ row }) => row));
    const log = this.identity.name;
    return read.map(({ index, row, sealed }, i) => {
      const stored = storedEntry(index, row, verdicts[i] ?? []);
      if (sealed === undefined) throw new MedsealError('SEAL_UNREADABLE', {});
      if (isErased(sealed)) {
        const tombstone = decodeTombstone(sealed);
        return { log, ...stored, ...(tombstone && { tombstone }) };
      }
      const body = bytesToUtf8(this.#bodies.open(index, sealed, row.entry));
      return { log, index, entry: stored.entry, body, verdicts: stored.verdicts };
    });
  }

  async #verdicts(rows: readonly EntryRow[]): Promise<readonly (readonly SignedVerdict[])[]> {
    const placements = rows.map(({ verdicts }) => decodePlacements(verdicts));
    const verdicts = await readVerdicts(this.#rows, this.#primitives, placements, this.#statements);
    return verdicts.map((each) => each ?? lost());
  }

  /** Returns what stays of a body; undefined if it cannot be read. */
  async #tombstone(index: number, sealed: Uint8Array): Promise<Tombstone | undefined> {
    const [row] = await this.#entryRows(index, index + 1);
    try {
      const body = this.#bodies.open(index, sealed, row?.entry ?? NO_RECORD);
      return tombstoneOf(JSON.parse(bytesToUtf8(body)) as EntryBody);
    } catch {
      return undefined;
    }
  }

  #checked(range: { from: number; to: number }): { from: number; to: number } {
    this.#within(range.to, this.size, 'range of the log');
    this.#within(range.from, range.to, 'range of the log');
    return range;
  }

  /** The first of a tile's hashes in its level, of which `count` are complete. */
  #tileStart(index: number, width: number, count: number): number {
    this.#within(width - 1, TILE - 1, 'tile');
    this.#within(index, Math.floor((count - width) / TILE), 'tile');
    return index * TILE;
  }

  #within(value: number, most: number, what: string): void {
    if (!isBetween(value, 0, most)) throw new MedsealError('NOT_FOUND', { what });
  }
}

/** Number of entries that are looked up at once. */
const PAGE = 1024;
/** The length of every entry, as C2SP tlog-tiles writes it. */
const ENTRY_LENGTH = Uint8Array.of(0, 32);

function weigh({ entries }: Call): number {
  return entries.reduce((sum, { bodySize }) => sum + bodySize + ENTRY_WEIGHT, 0);
}

function hasBody(prepared: PreparedEntry | PreparedRow): prepared is PreparedEntry {
  return 'body' in prepared;
}

function lost(): never {
  throw new MedsealError('EVIDENCE_INVALID', { reason: 'a row of the log is lost' });
}

function isBetween(value: number, least: number, most: number): boolean {
  return Number.isSafeInteger(value) && value >= least && value <= most;
}

function refused(reason: string): MedsealError {
  return new MedsealError('CHECKPOINT_REFUSED', { reason });
}
