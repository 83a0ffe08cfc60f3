import { bytesToHex, bytesToUtf8, concatBytes, equalBytes, hexToBytes } from '../crypto/bytes.ts';
import { leafHash } from '../crypto/merkle/leafHash.ts';
import { MerkleFrontier } from '../crypto/merkle/MerkleFrontier.ts';
import { isMedsealError } from '../errors/isMedsealError.ts';
import { MedsealError } from '../errors/MedsealError.ts';
import {
  acknowledgementCheck,
  type AcknowledgementCheck,
} from '../protocol/acknowledgementCheck.ts';
import type { Body, EntryBody, SignedVerdict } from '../protocol/evidence.ts';
import { PLACED_CHECKPOINT, VERDICT } from '../protocol/evidenceShapes.ts';
import { findMisfit } from '../protocol/findMisfit.ts';
import { ZERO32, type Address, type Bytes32 } from '../protocol/ids.ts';
import type { LogIdentity, NetworkFile } from '../protocol/NetworkFile.ts';
import type { Write } from '../protocol/requests.ts';
import { digestOf, type SigningContext } from '../protocol/signing.ts';
import { verifyPlace } from '../protocol/verifyPlace.ts';
import { verifyCheckpoint } from '../protocol/verifyCheckpoint.ts';
import { claimOf } from './claimDatabase.ts';
import type { BodyEncryption } from './encryptBodies.ts';
import { decodeEntryRow, type EntryRow } from './entryRow.ts';
import type { PlacedCheckpoint } from './EvidenceLog.ts';
import { isKept } from './hashReader.ts';
import { keys, number, readNumber } from './keys.ts';
import type { LogRows } from './LogRows.ts';
import { decodePlacements, readVerdicts } from './verdictRows.ts';

/** What an examination of a log's rows stands on. */
export interface RowsContext extends SigningContext {
  readonly network: NetworkFile;
  readonly identity: LogIdentity;
  readonly bodies: BodyEncryption;
}

/** What was found in a log's rows. */
export interface ExaminedRows {
  readonly entries: number;
  /** How many of the entries have no body any more. */
  readonly erased: number;
  /** Roots of its checkpoints, by size. */
  readonly checkpoints: ReadonlyMap<number, Bytes32>;
  /** Writes that were accepted: what the vault must hold. */
  readonly writes: readonly Write[];
  /** Entries with bodies, and who judged them: what these coordinators must hold. */
  readonly judged: ReadonlyMap<Bytes32, readonly Address[]>;
  /** What does not hold, each in a sentence that names it; no more than some hundred. */
  readonly faults: readonly string[];
}

/** Entries, and rows of an index, that are read at a time. */
const PAGE = 256;
const ROWS = 10_000;
const MAX_FAULTS = 200;
/** Kinds of rows that are found by content; see `keys`. */
const REQUEST = 0x06;
const PATIENT = 0x07;
const VERSION = 0x08;
const HASHES = 0x10;
const STATEMENT = 0x04;

/**
 * Examines every row of a log at rest: that bodies open and hash to their entries, authors signed them and
 * coordinators judged them, all hashes of the tree are those of the entries, checkpoints hold, indexes lead where they
 * must, and nothing else is there.
 *
 * @param rows - The log's, of a database that nobody writes to.
 * @param context - Network, keys and hashes.
 * @throws MedsealError of the database.
 */
export async function examineRows(rows: LogRows, context: RowsContext): Promise<ExaminedRows> {
  const examination = new RowsExamination(rows, context);
  await examination.run();
  return examination.found();
}

/** A row that must be there, and what is wrong where it is not. */
interface ExpectedRow {
  readonly key: Uint8Array;
  readonly value: Uint8Array;
  readonly what: string;
}

class RowsExamination {
  readonly #rows: LogRows;
  readonly #context: RowsContext;
  readonly #check: AcknowledgementCheck;
  readonly #frontier: MerkleFrontier;
  readonly #faults: string[] = [];
  readonly #writes: Write[] = [];
  readonly #judged = new Map<Bytes32, readonly Address[]>();
  #erased = 0;
  /** Entries whose bodies were not read: erased, or they do not hold. */
  readonly #unread = new Set<number>();
  /** What coordinators signed over the entries. */
  readonly #statements = new Set<Bytes32>();
  /** How many rows there must be of each kind that is found by content. */
  readonly #counts = new Map<number, number>();
  /** Roots of the entries at the sizes of the checkpoints. */
  readonly #roots = new Map<number, Bytes32>();
  readonly #sizes = new Set<number>();
  #checkpoints: readonly PlacedCheckpoint[] = [];

  constructor(rows: LogRows, context: RowsContext) {
    this.#rows = rows;
    this.#context = context;
    this.#check = acknowledgementCheck(context, context.network, { strict: true });
    this.#frontier = MerkleFrontier.empty(context.primitives);
  }

  found(): ExaminedRows {
    return {
      entries: this.#frontier.size,
      erased: this.#erased,
      checkpoints: new Map(
        this.#checkpoints.map(({ checkpoint }) => [checkpoint.size, checkpoint.root]),
      ),
      writes: this.#writes,
      judged: this.#judged,
      faults: this.#faults,
    };
  }

  async run(): Promise<void> {
    const { identity, bodies } = this.#context;
    const claim = await this.#rows.get(keys.identity);
    if (claim === undefined || !equalBytes(claim, claimOf(identity, bodies.fingerprint))) {
      this.#fault('its first row is not that of this log');
    }
    const row = await this.#rows.get(keys.size);
    const size = row === undefined ? 0 : readNumber(row, 0);
    this.#checkpoints = await this.#readCheckpoints();
    for (let from = 0; from < size; from += PAGE) {
      const there = await this.#examinePage(from, Math.min(from + PAGE, size));
      if (there) continue;
      this.#fault(`it says that it has ${size} entries, and none from ${from} on is there`);
      break;
    }
    for (const placed of this.#checkpoints) this.#examineCheckpoint(placed);
    await this.#countRows();
  }

  #fault(what: string): void {
    if (this.#faults.length < MAX_FAULTS) this.#faults.push(what);
  }

  async #readCheckpoints(): Promise<PlacedCheckpoint[]> {
    const range = [keys.checkpoint(0), keys.checkpoint(Number.MAX_SAFE_INTEGER)] as const;
    const kept: PlacedCheckpoint[] = [];
    for (const [key, value] of await this.#rows.range(...range)) {
      const size = readNumber(key, 1);
      const placed = decode(value);
      const misfit = findMisfit(PLACED_CHECKPOINT, placed, `checkpoint of ${size}`);
      const said = misfit === undefined ? (placed as PlacedCheckpoint) : undefined;
      this.#sizes.add(size);
      if (said?.checkpoint.size === size) kept.push(said);
      else this.#fault(misfit ?? `checkpoint of ${size}: it is of another size`);
    }
    return kept;
  }

  /** Examines some entries; returns whether there is any. */
  async #examinePage(from: number, to: number): Promise<boolean> {
    const [entries, sealed] = await Promise.all([
      this.#rows.numbered(keys.entry, from, to),
      this.#rows.numbered(keys.body, from, to),
    ]);
    if (entries.size === 0) return false;
    const verdicts = await this.#verdictsOf(entries);
    /** Rows that must be there, with what they say. */
    const expected: ExpectedRow[] = [];
    for (let index = from; index < to; index++) {
      const row = decodeEntryRow(entries.get(index));
      if (row === undefined) {
        this.#fault(`#${index}: its entry is lost`);
        this.#unread.add(index);
        continue;
      }
      const { entry } = row;
      const body = this.#examineEntry(index, row, verdicts.get(index), sealed.get(index));
      if (body === undefined) this.#unread.add(index);
      else expected.push(...this.#derivedRows(index, bytesToHex(entry), body));
      for (const { level, index: place, hash } of this.#frontier.append(
        leafHash(this.#context.primitives, entry),
      )) {
        if (!isKept(level)) continue;
        const what = `hash ${place} of level ${level} of the tree is not that of the entries`;
        expected.push({ key: keys.hash(level, place), value: hash, what });
      }
      this.#noteRoot();
    }
    const found = await this.#rows.getMany(expected.map(({ key }) => key));
    for (const [place, { value, what }] of expected.entries()) {
      const there = found[place];
      if (there === undefined || !equalBytes(there, value)) this.#fault(what);
    }
    return true;
  }

  /** Examines what an entry holds; returns the body where it is there and holds. */
  #examineEntry(
    index: number,
    said: EntryRow,
    verdicts: readonly SignedVerdict[] | undefined,
    sealed: Uint8Array | undefined,
  ): EntryBody | undefined {
    const { bodies, identity } = this.#context;
    const entry = bytesToHex(said.entry);
    try {
      if (verdicts === undefined) throw invalid('its verdicts are lost');
      const misfit = findMisfit([VERDICT], verdicts, 'its verdicts');
      if (misfit !== undefined) throw invalid(misfit);
      const judged = { log: identity.name, entry, verdicts };
      if (sealed === undefined) throw invalid('its body is lost');
      if (sealed.length === 0) {
        this.#erased += 1;
        this.#check.verdicts(judged);
        return undefined;
      }
      const text = openBody(bodies, index, sealed, said.entry);
      const body = this.#check.body({ ...judged, body: bytesToUtf8(text) });
      if (body.at !== said.at || text.length !== said.bodySize) {
        throw invalid('its row names another moment or length');
      }
      this.#judged.set(
        entry,
        verdicts.map(({ coordinator }) => coordinator),
      );
      return body;
    } catch (error) {
      if (!isMedsealError(error, 'EVIDENCE_INVALID')) throw error;
      this.#fault(`#${index}: ${error.values.reason}`);
      return undefined;
    }
  }

  /** What the indexes must say of an entry; a summary concerns no patient, and is found by itself. */
  #derivedRows(index: number, entry: Bytes32, body: EntryBody): ExpectedRow[] {
    const found =
      body.format === 'medseal-summary/1'
        ? { request: entry, handle: ZERO32 }
        : this.#requestOf(body.request);
    const handle = hexToBytes(found.handle);
    const what = `#${index}: an index does not lead to it`;
    const rows = [
      { key: keys.request(hexToBytes(found.request)), value: number(index), what },
      { key: keys.patient(handle, index), value: new Uint8Array(0), what },
    ];
    this.#count(REQUEST);
    this.#count(PATIENT);
    if (body.format === 'medseal-summary/1' || body.flag === 'R') return rows;
    if (body.request.type !== 'Write') return rows;
    const write = body.request.message as Write;
    this.#writes.push(write);
    this.#count(VERSION);
    const key = keys.version(handle, hexToBytes(write.record), write.version);
    return [...rows, { key, value: number(index), what }];
  }

  #requestOf({ type, message }: Body['request']): { request: Bytes32; handle: Bytes32 } {
    return { request: digestOf(this.#context, type, message), handle: message.handle };
  }

  #count(kind: number): void {
    this.#counts.set(kind, (this.#counts.get(kind) ?? 0) + 1);
  }

  #noteRoot(): void {
    const { size } = this.#frontier;
    if (this.#sizes.has(size)) this.#roots.set(size, bytesToHex(this.#frontier.root()));
  }

  #examineCheckpoint({ checkpoint, ledger }: PlacedCheckpoint): void {
    const { network, identity } = this.#context;
    try {
      if (checkpoint.log !== identity.name) throw invalid('it is of another log');
      verifyCheckpoint(this.#context, network, checkpoint, { strict: true });
      verifyPlace(network, checkpoint, ledger);
      if (this.#roots.get(checkpoint.size) !== checkpoint.root) {
        throw invalid('its root is not that of the entries');
      }
    } catch (error) {
      if (!isMedsealError(error, 'EVIDENCE_INVALID')) throw error;
      this.#fault(`checkpoint of ${checkpoint.size}: ${error.values.reason}`);
    }
  }

  /** Finds rows beyond those that must be there: an index that leads to an entry that it is not of, a hash too many. */
  async #countRows(): Promise<void> {
    for (const [kind, name] of [
      [REQUEST, 'requests'],
      [PATIENT, 'patients'],
      [VERSION, 'record versions'],
    ] as const) {
      let known = 0;
      for await (const [key, value] of this.#kind(kind)) {
        const place = kind === PATIENT ? readNumber(key, key.length - 8) : readNumber(value, 0);
        if (!this.#unread.has(place)) known += 1;
      }
      if (known !== (this.#counts.get(kind) ?? 0)) {
        this.#fault(`the index of ${name} does not fit the entries`);
      }
    }
    for (
      let level = 0, wanted = this.#frontier.size;
      level < 53;
      level++, wanted = Math.floor(wanted / 2)
    ) {
      let hashes = 0;
      for await (const _ of this.#kind(HASHES + level)) hashes += 1;
      if (hashes === (isKept(level) ? wanted : 0)) continue;
      this.#fault(`level ${level} of the tree has ${hashes} hashes`);
    }
    let statements = 0;
    for await (const _ of this.#kind(STATEMENT)) statements += 1;
    if (statements !== this.#statements.size) this.#fault('verdicts are there that cover no entry');
  }

  /** The verdicts of entries, where they are there as they were written. */
  async #verdictsOf(
    entries: ReadonlyMap<number, Uint8Array>,
  ): Promise<ReadonlyMap<number, readonly SignedVerdict[] | undefined>> {
    const placements = [...entries.values()].map((row) => {
      try {
        return decodePlacements(decodeEntryRow(row)?.verdicts ?? new Uint8Array(0));
      } catch {
        return [];
      }
    });
    for (const { statements } of placements.flat()) {
      for (const id of statements) this.#statements.add(id);
    }
    const found = await readVerdicts(this.#rows, this.#context.primitives, placements);
    return new Map([...entries.keys()].map((index, i) => [index, found[i]]));
  }

  async *#kind(kind: number): AsyncGenerator<[Uint8Array, Uint8Array]> {
    let from: Uint8Array = Uint8Array.of(kind);
    for (;;) {
      const rows = await this.#rows.range(from, Uint8Array.of(kind + 1), { limit: ROWS });
      yield* rows;
      const last = rows.at(-1);
      if (last === undefined || rows.length < ROWS) return;
      from = concatBytes(last[0], Uint8Array.of(0));
    }
  }
}

function openBody(
  bodies: BodyEncryption,
  index: number,
  sealed: Uint8Array,
  entry: Uint8Array,
): Uint8Array {
  try {
    return bodies.open(index, sealed, entry);
  } catch {
    throw invalid('its body was altered where it lies');
  }
}

/** JSON in the one spelling that it was written in, or undefined. */
function decode(bytes: Uint8Array): unknown {
  try {
    const text = bytesToUtf8(bytes);
    const value: unknown = JSON.parse(text);
    return JSON.stringify(value) === text ? value : undefined;
  } catch {
    return undefined;
  }
}

function invalid(reason: string): MedsealError {
  return new MedsealError('EVIDENCE_INVALID', { reason });
}
