import { bytesToHex, equalBytes } from '../crypto/bytes.ts';
import type { CreateSha256 } from '../crypto/Sha256Stream.ts';
import { isMedsealError } from '../errors/isMedsealError.ts';
import type { Fault, Remedy } from '../protocol/Fault.ts';
import type { Bytes32, Handle } from '../protocol/ids.ts';
import { BINARY, type RowChange, type ServiceDatabase } from '../database/synced.ts';
import type { SealedStore } from './SealedStore.ts';
import {
  CONTENT,
  contentKey,
  decodeFile,
  DUE,
  dueKey,
  encodeFile,
  FILE,
  fileKey,
  OWNER,
  ownerKey,
  type IndexedFile,
} from './vaultRows.ts';

export type VaultFaultKind = 'vault-file' | 'vault-index';

/** Options of `examineVault`. */
export interface VaultExamination {
  /** Its large files. */
  readonly store: SealedStore;
  /** The index, open; nobody writes to it. */
  readonly database: ServiceDatabase;
  readonly createSha256: CreateSha256;
  readonly onFault: (fault: Fault<VaultFaultKind>) => void;
  /** Takes the number of files read. */
  readonly onProgress?: (files: number) => void;
  /**
   * If present, faults that can be mended from what is there are mended, as they are found: it changes the index,
   * durably.
   */
  readonly repair?: (change: RowChange<Uint8Array>) => Promise<void>;
  /** True to count files that the index does not name as faults in a shared store too, which a repair deletes. */
  readonly discardUnknown?: boolean;
}

/**
 * Examines a vault at rest: every file that somebody owns is there with the hash that it is found by, the index fits
 * itself and the files, and nothing else is there. Remains of uploads that were under way when the node stopped are not
 * faults.
 *
 * @param examination - Files and index.
 * @returns Number of whole files in it.
 */
export async function examineVault(examination: VaultExamination): Promise<number> {
  const examiner = new VaultExaminer(examination);
  const sound = await examiner.files();
  await examiner.owners();
  await examiner.leases();
  await examiner.contents();
  await examiner.unknownRows();
  await examiner.strayFiles();
  return sound;
}

/** Examines one part of a vault after the other. */
class VaultExaminer {
  readonly #store: SealedStore;
  readonly #database: ServiceDatabase;
  readonly #createSha256: CreateSha256;
  readonly #onFault: VaultExamination['onFault'];
  readonly #onProgress: VaultExamination['onProgress'];
  readonly #repair: VaultExamination['repair'];
  readonly #keepsUnknown: boolean;

  constructor(examination: VaultExamination) {
    const { store, database, createSha256, onFault, onProgress, repair } = examination;
    this.#store = store;
    this.#database = database;
    this.#createSha256 = createSha256;
    this.#onFault = onFault;
    this.#onProgress = onProgress;
    this.#repair = repair;
    this.#keepsUnknown = store.isShared && examination.discardUnknown !== true;
  }

  /** Examines every file that the index names; returns the number of whole ones. */
  async files(): Promise<number> {
    let sound = 0;
    let read = 0;
    for await (const [fileRow, value] of this.#rows(FILE)) {
      const hash = nameIn(fileRow, 1);
      const known = decodeFile(value);
      if (hash === undefined || known === undefined || !equalBytes(encodeFile(known), value)) {
        this.#fault(
          'vault-index',
          `the row of sealed file ${bytesToHex(fileRow.subarray(1))} was altered`,
          'peers',
        );
        continue;
      }
      const owned = await this.#isOwned(hash);
      const wrong = await this.#faultOf(hash, known);
      if (wrong === undefined) sound += 1;
      // A lease is noted before its file has its name.
      else if (owned) this.#fault('vault-file', `sealed file ${hash}: ${wrong}`, 'peers');
      else if (wrong !== ABSENT) {
        // No replica has it, and its noted size counts against quotas.
        this.#fault('vault-file', `sealed file ${hash}, which nobody owns: ${wrong}`, 'rebuild');
        await this.#forget(hash, known);
        continue;
      }
      const key = dueKey(known.leaseUntil, hash);
      const due = (await this.#database.get<Uint8Array, Uint8Array>(key, BINARY)) !== undefined;
      if (due === owned) {
        const how = owned
          ? 'has an owner, but its lease ends'
          : 'has no owner, but its lease never ends';
        this.#fault('vault-index', `sealed file ${hash} ${how}`, 'rebuild');
        await this.#repair?.(due ? { type: 'del', key } : { type: 'put', key, value: NOTHING });
      }
      this.#onProgress?.(++read);
    }
    return sound;
  }

  /** Examines who owns files. */
  async owners(): Promise<void> {
    for await (const [key, value] of this.#rows(OWNER)) {
      const hash = nameIn(key, 1, 65);
      if (hash !== undefined && (await this.#indexed(hash)) !== undefined) {
        await this.#requireEmpty(key, value, `who owns ${hash}`);
        continue;
      }
      this.#fault('vault-index', `somebody owns ${hash ?? 'a file'}, which is not there`, 'peers');
    }
  }

  /** Examines when files are due. */
  async leases(): Promise<void> {
    for await (const [key, value] of this.#rows(DUE)) {
      const hash = nameIn(key, 9);
      const known = hash && (await this.#indexed(hash));
      if (
        hash !== undefined &&
        known !== undefined &&
        equalBytes(dueKey(known.leaseUntil, hash), key)
      ) {
        await this.#requireEmpty(key, value, `when ${hash} is due`);
        continue;
      }
      this.#fault(
        'vault-index',
        `the index names a lease that ${hash ?? 'a file'} does not have`,
        'rebuild',
      );
      await this.#repair?.({ type: 'del', key: key.slice() });
    }
  }

  /** Examines the bytes of small files, which are rows. */
  async contents(): Promise<void> {
    for await (const [key] of this.#rows(CONTENT)) {
      const hash = nameIn(key, 1);
      if (hash !== undefined && (await this.#indexed(hash))?.inRow === true) continue;
      const what = `the bytes of ${hash ?? 'a file'} are there, but the index does not name it`;
      this.#fault('vault-index', what, 'rebuild');
      await this.#repair?.({ type: 'del', key: key.slice() });
    }
  }

  /** Finds rows of a kind that no vault writes. */
  async unknownRows(): Promise<void> {
    const [stray] = [
      ...(await this.#database
        .keys({ gte: new Uint8Array(0), lt: Uint8Array.of(FILE), limit: 1, ...BINARY })
        .all()),
      ...(await this.#database
        .keys<Uint8Array>({ gte: Uint8Array.of(CONTENT + 1), limit: 1, ...BINARY })
        .all()),
    ];
    if (stray !== undefined)
      this.#fault('vault-index', `there is a row of an unknown kind: ${bytesToHex(stray)}`, 'none');
  }

  /** Finds files that the index does not know. */
  async strayFiles(): Promise<void> {
    for await (const { name, hash, foreign } of this.#store.list()) {
      if (foreign === true) {
        this.#fault('vault-index', `${name} is not one of the vault’s folders`, 'none');
        continue;
      }
      if (hash !== undefined && (await this.#indexed(hash))?.inRow === false) continue;
      const unknown = `${name} is there, but the index does not name it`;
      if (this.#keepsUnknown) {
        this.#fault('vault-index', `${unknown}: another folder may own it`, 'none');
        continue;
      }
      this.#fault('vault-index', unknown, 'rebuild');
      if (this.#repair !== undefined) await this.#store.discard(name);
    }
  }

  #fault(kind: VaultFaultKind, what: string, remedy: Remedy): void {
    this.#onFault({ kind, what, remedy });
  }

  async #forget(hash: Bytes32, { leaseUntil, inRow }: IndexedFile): Promise<void> {
    if (this.#repair === undefined) return;
    if (!inRow) await this.#store.remove(hash);
    for (const key of [fileKey(hash), contentKey(hash), dueKey(leaseUntil, hash)]) {
      await this.#repair({ type: 'del', key });
    }
  }

  /** Some rows say all in their keys. */
  async #requireEmpty(key: Uint8Array, value: Uint8Array, what: string): Promise<void> {
    if (value.length === 0) return;
    this.#fault('vault-index', `the row that says ${what} was altered`, 'rebuild');
    await this.#repair?.({ type: 'put', key: key.slice(), value: NOTHING });
  }

  async *#rows(kind: number): AsyncGenerator<[Uint8Array, Uint8Array]> {
    const range = { gte: Uint8Array.of(kind), lt: Uint8Array.of(kind + 1), ...BINARY };
    yield* this.#database.iterator<Uint8Array, Uint8Array>(range);
  }

  async #indexed(hash: Bytes32): Promise<IndexedFile | undefined> {
    return decodeFile(await this.#database.get<Uint8Array, Uint8Array>(fileKey(hash), BINARY));
  }

  async #isOwned(hash: Bytes32): Promise<boolean> {
    const gte = ownerKey(hash);
    const lte = ownerKey(hash, `0x${'ff'.repeat(32)}`);
    return (
      (await this.#database.keys<Uint8Array>({ gte, lte, limit: 1, ...BINARY }).all()).length > 0
    );
  }

  /** Returns the fault of a file's bytes, if any. */
  async #faultOf(hash: Bytes32, { size, inRow }: IndexedFile): Promise<string | undefined> {
    const sha256 = this.#createSha256();
    let length = 0;
    try {
      for await (const part of inRow ? this.#row(hash) : this.#store.read(hash, { reuse: true })) {
        sha256.update(part);
        length += part.length;
      }
    } catch (error) {
      if (isMedsealError(error, 'FILE_ABSENT')) return ABSENT;
      // A server that does not answer has lost nothing.
      if (isMedsealError(error, 'STORAGE_FAILED')) throw error;
      return 'it cannot be read';
    }
    if (length === 0 && inRow) return ABSENT;
    if (bytesToHex(sha256.digest()) === hash)
      return length === size ? undefined : 'the index names another size';
    return length === size ? 'it was altered' : `it has ${length} bytes, not ${size}`;
  }

  async *#row(hash: Bytes32): AsyncGenerator<Uint8Array> {
    const content = await this.#database.get<Uint8Array, Uint8Array>(contentKey(hash), BINARY);
    if (content !== undefined) yield content;
  }
}

const ABSENT = 'it is lost';

/**
 * Tells whether a vault's index says that a handle owns a file of this size.
 *
 * @param database - The index.
 * @param wanted - The file as an entry names it.
 * @returns The fault, in words; undefined if there is no fault.
 */
export async function findMissing(
  database: ServiceDatabase,
  {
    file,
    size,
    handle,
  }: { readonly file: Bytes32; readonly size: number; readonly handle: Handle },
): Promise<string | undefined> {
  const known = decodeFile(await database.get<Uint8Array, Uint8Array>(fileKey(file), BINARY));
  if (known === undefined) return ABSENT;
  if (known.size !== size) return 'it has another size than its author signed';
  const owner = await database.get<Uint8Array, Uint8Array>(ownerKey(file, handle), BINARY);
  return owner === undefined ? 'the patient does not own it' : undefined;
}

const NOTHING = new Uint8Array(0);

/** The hash in a key; undefined if the key has another length than it must. */
function nameIn(key: Uint8Array, from: number, length = from + 32): Bytes32 | undefined {
  return key.length === length ? bytesToHex(key.subarray(from, from + 32)) : undefined;
}
