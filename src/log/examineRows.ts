// Over 400 lines: one examination, whose tree, counts and checks pass from one kind of row to the next.

import { bytesToHex, concatBytes, equalBytes } from '../crypto/bytes.ts';
import { leafHash } from '../crypto/merkle/leafHash.ts';
import { MerkleFrontier } from '../crypto/merkle/MerkleFrontier.ts';
import { readU64 } from '../crypto/u64.ts';
import { isMedsealError } from '../errors/isMedsealError.ts';
import { MedsealError } from '../errors/MedsealError.ts';
import {
  acknowledgementCheck,
  type AcknowledgementCheck,
  type JudgedEntry,
} from '../protocol/evidence/acknowledgementCheck.ts';
import type { EntryBody, SignedVerdict } from '../protocol/evidence/evidence.ts';
import type { EvidenceReader } from '../protocol/evidence/EvidenceReader.ts';
import { createEvidenceReader } from '../protocol/evidence/readEvidence.ts';
import { PLACED_CHECKPOINT, VERDICT } from '../protocol/evidence/evidenceShapes.ts';
import { findShapeError } from '../protocol/wire/findShapeError.ts';
import { parseShape } from '../protocol/wire/parseShape.ts';
import type { Address, Bytes32 } from '../protocol/ids.ts';
import type { LogIdentity, NetworkFile } from '../protocol/network/NetworkFile.ts';
import type { Fault, Remedy } from '../protocol/Fault.ts';
import type { Verdict, Write } from '../protocol/struct/requests.ts';
import type { SigningContext } from '../protocol/struct/signing.ts';
import { verifyPlace } from '../protocol/evidence/verifyPlace.ts';
import { verifyCheckpoint } from '../protocol/evidence/verifyCheckpoint.ts';
import { exactRow } from '../database/exactRow.ts';
import { acceptedWrite } from './acceptedWrite.ts';
import { claimOf, LOG_FORMAT, logFormatIn } from './claimDatabase.ts';
import type { BodyEncryption } from './encryptBodies.ts';
import type { EntryRow } from './entryRow.ts';
import type { PlacedCheckpoint } from '../protocol/evidence/evidence.ts';
import { isStoredLevel } from './hashReader.ts';
import { indexRows, isOfEarlier } from './indexRows.ts';
import { logRowKeys, STRAY } from './keys.ts';
import type { LogRows } from './LogRows.ts';
import {
  PAGE,
  readPages,
  type LyingEntry,
  type OpenedBody,
  type RowsPage,
  type UnreadBody,
} from './readPages.ts';

/** Classes of faults in a log's database. */
export type LogFaultKind =
  /** Its first row is not that of this log. */
  | 'log-identity'
  /** An entry is lost or altered. */
  | 'log-entry'
  /** An entry's body is lost or altered. */
  | 'log-body'
  /** Statements of coordinators over entries are lost or altered. */
  | 'log-verdict'
  /** A checkpoint is lost, altered, or not that of the entries. */
  | 'log-checkpoint'
  /** A hash of the tree is lost or is not that of the entries. */
  | 'log-tree'
  /** An index does not lead where it must, or something is there that nothing leads to. */
  | 'log-index';

export type LogFault = Fault<LogFaultKind>;

/** Context of an examination of a log's rows. */
export interface RowsContext extends SigningContext {
  readonly network: NetworkFile;
  readonly identity: LogIdentity;
  readonly bodies: BodyEncryption;
  /** Takes the bodies of long logs apart, so that other threads can; it is done here if absent. */
  readonly reader?: EvidenceReader | undefined;
}

/** Hears the findings of an examination, as it goes on, so that memory is bounded whatever the log's length. */
export interface RowsHearer {
  /** Takes a fault. */
  fault(fault: LogFault): void;
  /** Takes entries that hold: for them, the vault and the coordinators that judged them must hold files and bodies. */
  entries?(found: ExaminedEntries): Promise<void>;
  /** Takes a checkpoint that holds. */
  checkpoint?(placed: PlacedCheckpoint): Promise<void>;
  /** Takes the progress: so many of so many entries were examined. */
  progress?(done: number, total: number): void;
}

/** A write that was accepted. */
export interface ExaminedWrite {
  readonly write: Write;
  /** The EIP-712 digest of its request. */
  readonly request: Bytes32;
  /** The coordinators that judged it. */
  readonly judges: readonly Address[];
}

/** Writes and judges of some entries. */
export interface ExaminedEntries {
  /** Writes that were accepted. */
  readonly writes: readonly ExaminedWrite[];
  /** Entries with bodies, and who judged them. */
  readonly judged: ReadonlyMap<Bytes32, readonly Address[]>;
}

/** Findings about a log's rows. */
export interface ExaminedRows {
  readonly entries: number;
  /** Number of entries that have no body any more. */
  readonly erased: number;
  readonly checkpoints: number;
}

/** Rows of an index that are read at a time. */
const ROWS = 10_000;
/** Kinds of rows; see `keys`. */
const [ENTRY, BODY, STATEMENT, REQUEST, PATIENT, VERSION, FILE, ERASURE, HASHES] = [
  0x01, 0x02, 0x04, 0x06, 0x07, 0x08, 0x09, 0x0a, 0x10,
];
const LEVELS = 53;

/**
 * Examines every row of a log at rest: that bodies open and hash to their entries, authors signed them and
 * coordinators judged them, all hashes of the tree are those of the entries, checkpoints hold, indexes lead where they
 * must, and nothing else is there.
 *
 * @param rows - The log's, of a database that nobody writes to.
 * @param context - Network, keys and hashes.
 * @param hearer - Takes the findings.
 * @throws MedsealError of the database.
 */
export async function examineRows(
  rows: LogRows,
  context: RowsContext,
  hearer: RowsHearer,
): Promise<ExaminedRows> {
  const examination = new RowsExamination(rows, context, hearer);
  return await examination.run();
}

/** A row that must be there, and the fault if it is not. */
interface ExpectedRow {
  readonly key: Uint8Array;
  readonly value: Uint8Array;
  readonly kind: LogFaultKind;
  readonly what: string;
}

/** Content of an entry whose body was found and holds. */
interface FoundBody {
  readonly body: EntryBody;
  /** Name that it is found by: the digest of its request, or itself. */
  readonly answered: Bytes32;
  readonly judges: readonly Address[];
}

const UNREAD: Readonly<Record<Exclude<UnreadBody, 'erased'>, string>> = {
  lost: 'its body is lost',
  altered: 'its body was altered on disk',
};

class RowsExamination {
  readonly #rows: LogRows;
  readonly #context: RowsContext;
  readonly #hearer: RowsHearer;
  /** Made again from time to time, for it remembers what held. */
  #check: AcknowledgementCheck;
  readonly #frontier: MerkleFrontier;
  /** Verdicts that are well-formed, with signer and signature. */
  readonly #formed = new WeakSet<Verdict>();
  /** A bit for each entry whose body was not read: erased, or it does not hold. */
  #unread = new Uint8Array(1024);
  /** Expected number of rows of each kind that is found by content. */
  readonly #counts = new Map<number, number>();
  #writes: ExaminedWrite[] = [];
  #judged = new Map<Bytes32, readonly Address[]>();
  #erased = 0;
  #checkpoints = 0;
  /** Entries behind the last checkpoint are in no copy. */
  #copied = 0;

  constructor(rows: LogRows, context: RowsContext, hearer: RowsHearer) {
    this.#rows = rows;
    this.#context = context;
    this.#hearer = hearer;
    this.#check = strictCheck(context);
    this.#frontier = MerkleFrontier.empty(context.primitives);
  }

  async run(): Promise<ExaminedRows> {
    const { identity, bodies } = this.#context;
    const claim = await this.#rows.get(logRowKeys.identity);
    if (claim === undefined || !equalBytes(claim, claimOf(identity, bodies.fingerprint))) {
      const format = claim === undefined ? 0 : logFormatIn(claim);
      const isOlder = format > 0 && format < LOG_FORMAT;
      const what = isOlder
        ? `it is of format ${format}, of an earlier version of Medseal`
        : 'its first row is not that of this log';
      this.#fault('log-identity', what);
    }
    this.#copied = (await this.#lastCheckpoint()) ?? 0;
    const row = await this.#rows.get(logRowKeys.size);
    const size = row?.length === 8 ? readU64(row, 0) : 0;
    const context = { ...this.#context, reader: this.#readerFor(size) };
    for await (const page of readPages(this.#rows, context, size)) {
      if (page.isEmpty) {
        const what = `it says that it has ${size} entries, and none from ${page.from} on is there`;
        this.#fault('log-entry', what);
        break;
      }
      await this.#examinePage(page);
      await this.#hearer.entries?.({ writes: this.#writes, judged: this.#judged });
      [this.#writes, this.#judged] = [[], new Map()];
      this.#hearer.progress?.(page.to, size);
      if (page.to % (32 * PAGE) === 0) this.#check = strictCheck(this.#context);
    }
    const entries = this.#frontier.size;
    for (const [key] of await this.#checkpointRows(entries + 1, Number.MAX_SAFE_INTEGER)) {
      this.#fault('log-checkpoint', `checkpoint of ${readU64(key, 1)}: the log is not that long`);
    }
    await this.#countRows(size);
    return { entries, erased: this.#erased, checkpoints: this.#checkpoints };
  }

  #fault(kind: LogFaultKind, what: string, index = 0): void {
    this.#hearer.fault({ kind, what, remedy: this.#remedy(kind, index) });
  }

  #remedy(kind: LogFaultKind, index: number): Remedy {
    if (kind === 'log-tree' || kind === 'log-index' || kind === 'log-identity') return 'rebuild';
    return index < this.#copied ? 'peers' : 'backup';
  }

  async #lastCheckpoint(): Promise<number | undefined> {
    const range = [
      logRowKeys.checkpoint(0),
      logRowKeys.checkpoint(Number.MAX_SAFE_INTEGER),
    ] as const;
    const [last] = await this.#rows.range(...range, { limit: 1, reverse: true });
    return last && readU64(last[0], 1);
  }

  async #checkpointRows(from: number, to: number): Promise<[Uint8Array, Uint8Array][]> {
    return await this.#rows.range(logRowKeys.checkpoint(from), logRowKeys.checkpoint(to));
  }

  /** Other threads are worth their start if there is more than they read at a time. */
  #readerFor(size: number): EvidenceReader {
    const { reader } = this.#context;
    return size > PAGE && reader ? reader : createEvidenceReader(this.#context);
  }

  async #examinePage({ from, to, entries, checkpoints }: RowsPage): Promise<void> {
    const sizes = new Set(checkpoints.map(([size]) => size));
    const roots = new Map<number, Bytes32>();
    const expected: ExpectedRow[] = [];
    for (let index = from; index < to; index++) {
      const lying = entries.get(index);
      if (lying === undefined) {
        this.#fault('log-entry', `#${index}: its entry is lost`, index);
        this.#noteUnread(index);
        continue;
      }
      const read = this.#examineEntry(lying);
      if (read === undefined) this.#noteUnread(index);
      else expected.push(...this.#derivedRows(index, read));
      const leaf = leafHash(this.#context.primitives, lying.row.entry);
      for (const { level, index: place, hash } of this.#frontier.append(leaf)) {
        if (!isStoredLevel(level)) continue;
        const what = `hash ${place} of level ${level} of the tree is not that of the entries`;
        expected.push({ key: logRowKeys.hash(level, place), value: hash, kind: 'log-tree', what });
      }
      const { size } = this.#frontier;
      if (sizes.has(size)) roots.set(size, bytesToHex(this.#frontier.root()));
    }
    const found = await this.#rows.getMany(expected.map(({ key }) => key));
    for (const [place, row] of expected.entries()) {
      const there = found[place];
      // Counted with the entry that it leads to: if that does not name the file, the count is wrong.
      if (isOfEarlier(there, row)) this.#count(row.key, -1);
      else if (there === undefined || !equalBytes(there, row.value))
        this.#fault(row.kind, row.what);
    }
    for (const [size, value] of checkpoints) await this.#examineCheckpoint(size, value, roots);
  }

  /** Examines an entry's content; returns it if it is there and holds. */
  #examineEntry({ index, row, verdicts, body }: LyingEntry): FoundBody | undefined {
    const entry = bytesToHex(row.entry);
    let kind: LogFaultKind = 'log-verdict';
    try {
      if (verdicts === undefined) throw invalid('its verdicts are lost');
      for (const verdict of verdicts) this.#requireForm(verdict);
      const judged = { log: this.#context.identity.name, entry, verdicts };
      if (typeof body === 'string') {
        this.#check.verdicts(judged);
        kind = 'log-body';
        if (body !== 'erased') throw invalid(UNREAD[body]);
        this.#erased += 1;
        return undefined;
      }
      try {
        return this.#examineBody(judged, row, body);
      } catch (error) {
        // If the verdicts do not hold by themselves, that is the fault.
        this.#check.verdicts(judged);
        kind = 'log-entry';
        throw error;
      }
    } catch (error) {
      if (!isMedsealError(error, 'EVIDENCE_INVALID')) throw error;
      this.#fault(kind, `#${index}: ${error.values.reason}`, index);
      return undefined;
    }
  }

  /**
   * Requires that a statement is well-formed, once for the many entries that share it; place and proof were decoded
   * here.
   */
  #requireForm(signed: SignedVerdict): void {
    if (this.#formed.has(signed.verdict)) return;
    const misfit = findShapeError(VERDICT, signed, 'a verdict');
    if (misfit !== undefined) throw invalid(misfit);
    this.#formed.add(signed.verdict);
  }

  #examineBody(judged: JudgedEntry, said: EntryRow, { text, length, read }: OpenedBody): FoundBody {
    const body = this.#check.body({ ...judged, body: text }, read);
    if (body.at !== said.at || length !== said.bodySize) {
      throw invalid('its row names another time or length');
    }
    const judges = judged.verdicts.map(({ coordinator }) => coordinator);
    this.#judged.set(judged.entry, judges);
    return { body, answered: read?.signature?.digest ?? judged.entry, judges };
  }

  /** Returns the rows of the indexes that follow from an entry. */
  #derivedRows(index: number, { body, answered, judges }: FoundBody): ExpectedRow[] {
    const write = acceptedWrite(body);
    if (write !== undefined) this.#writes.push({ write, request: answered, judges });
    return indexRows(index, answered, body).map(({ key, value }) => {
      this.#count(key, 1);
      return { key, value, kind: 'log-index', what: `#${index}: an index does not lead to it` };
    });
  }

  #count([kind = 0]: Uint8Array, by: number): void {
    this.#counts.set(kind, (this.#counts.get(kind) ?? 0) + by);
  }

  #noteUnread(index: number): void {
    const at = index >>> 3;
    if (at >= this.#unread.length) {
      const longer = new Uint8Array(2 * Math.max(at, this.#unread.length));
      longer.set(this.#unread);
      this.#unread = longer;
    }
    this.#unread[at] = (this.#unread[at] ?? 0) | (1 << (index & 7));
  }

  #isUnread(index: number): boolean {
    return ((this.#unread[Math.floor(index / 8)] ?? 0) & (1 << (index % 8))) !== 0;
  }

  async #examineCheckpoint(
    size: number,
    value: Uint8Array,
    roots: ReadonlyMap<number, Bytes32>,
  ): Promise<void> {
    const { network, identity } = this.#context;
    try {
      const placed = parseShape(PLACED_CHECKPOINT, exactRow(value), 'it', invalid);
      const { checkpoint, ledger } = placed;
      if (checkpoint.size !== size) throw invalid('it is of another size');
      if (checkpoint.log !== identity.name) throw invalid('it is of another log');
      verifyCheckpoint(this.#context, network, checkpoint, { strict: true });
      verifyPlace(this.#context.primitives, network, checkpoint, ledger);
      if (roots.get(size) !== checkpoint.root) throw invalid('its root is not that of the entries');
      this.#checkpoints += 1;
      await this.#hearer.checkpoint?.(placed);
    } catch (error) {
      if (!isMedsealError(error, 'EVIDENCE_INVALID')) throw error;
      this.#fault('log-checkpoint', `checkpoint of ${size}: ${error.values.reason}`);
    }
  }

  /** Finds rows beyond those that must be there: an index that leads to an entry that it is not of, a hash too many. */
  async #countRows(size: number): Promise<void> {
    for (const [kind, name] of [
      [REQUEST, 'requests'],
      [PATIENT, 'patients'],
      [VERSION, 'record versions'],
      [FILE, 'sealed files'],
      [ERASURE, 'erasures'],
    ] as const) {
      let known = 0;
      for await (const [key, value] of this.#kind(kind)) {
        const isInKey = kind === PATIENT || kind === ERASURE;
        const place = isInKey ? readU64(key, key.length - 8) : placeIn(value);
        if (!this.#isUnread(place)) known += 1;
      }
      if (known !== (this.#counts.get(kind) ?? 0)) {
        this.#fault('log-index', `the index of ${name} does not fit the entries`);
      }
    }
    let wanted = this.#frontier.size;
    for (let level = 0; level < LEVELS; level++, wanted = Math.floor(wanted / 2)) {
      let hashes = 0;
      for await (const _ of this.#kind(HASHES + level)) hashes += 1;
      if (hashes === (isStoredLevel(level) ? wanted : 0)) continue;
      this.#fault('log-tree', `level ${level} of the tree has ${hashes} hashes`);
    }
    for await (const [key, value] of this.#kind(STATEMENT)) {
      if (equalBytes(key.subarray(1), this.#context.primitives.sha256(value))) continue;
      this.#fault('log-index', `statement ${bytesToHex(key.subarray(1))} was altered`);
    }
    await this.#findStray(size);
  }

  /** Finds rows behind the last entry, and rows of an unknown kind. */
  async #findStray(size: number): Promise<void> {
    for (const [from, to] of [
      [logRowKeys.entry(size), Uint8Array.of(ENTRY + 1)],
      [logRowKeys.body(size), Uint8Array.of(BODY + 1)],
      ...STRAY,
    ] as const) {
      const [stray] = await this.#rows.range(from, to, { limit: 1 });
      if (stray === undefined) continue;
      this.#fault('log-index', `there is a row that belongs to no entry: ${bytesToHex(stray[0])}`);
    }
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

function strictCheck(context: RowsContext): AcknowledgementCheck {
  return acknowledgementCheck(context, context.network, { strict: true });
}

/** The place that a row of an index names; if it names no place, one that does not exist. */
function placeIn(value: Uint8Array): number {
  return value.length === 8 ? readU64(value, 0) : Number.MAX_SAFE_INTEGER;
}

function invalid(reason: string): MedsealError {
  return new MedsealError('EVIDENCE_INVALID', { reason });
}
