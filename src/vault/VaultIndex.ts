import { bytesToHex, concatBytes } from '../crypto/bytes.ts';
import { GroupCommit } from '../database/GroupCommit.ts';
import { BINARY, BINARY_SYNCED, type RowChange, type ServiceDatabase } from '../database/synced.ts';
import type { Bytes32, Handle } from '../protocol/ids.ts';
import { scrubRanges } from '../database/scrubRanges.ts';
import type { FileIdentity, Ownership, VaultUsage } from './Vault.ts';
import {
  contentKey,
  CONTENTS,
  decodeFile,
  dueKey,
  encodeFile,
  FILE,
  fileKey,
  OWNER,
  ownerKey,
  type IndexedFile,
} from './vaultRows.ts';

/** A file whose lease is to be entered. */
export interface LeasedFile extends FileIdentity {
  /** The index's row on it. */
  readonly known: IndexedFile | undefined;
  /** Its bytes, if they are to be a row. */
  readonly content?: Uint8Array;
}

type Change = RowChange<Uint8Array>;

const NOTHING = new Uint8Array(0);
/** Rows that are read at a time. */
const PAGE = 1000;

/**
 * Leases and owners of a vault's files, and the bytes of small ones, in a database of its own. Every change is whole in
 * one synced batch, which simultaneous changes share.
 *
 * Changes to one file must not overlap; the vault sees to that.
 */
export class VaultIndex {
  readonly #database: ServiceDatabase;
  readonly #changes: GroupCommit<readonly Change[], void>;

  /** @param database - The vault's own, open. */
  constructor(database: ServiceDatabase) {
    this.#database = database;
    this.#changes = new GroupCommit(async (groups) => {
      await database.batch<Uint8Array, Uint8Array>(groups.flat(), BINARY_SYNCED);
    });
  }

  /** Returns the row of a file. */
  async get(hash: Bytes32): Promise<IndexedFile | undefined> {
    return decodeFile(await this.#database.get<Uint8Array, Uint8Array>(fileKey(hash), BINARY));
  }

  /** Returns the rows of files, in their order. */
  async getAll(hashes: readonly Bytes32[]): Promise<readonly (IndexedFile | undefined)[]> {
    return (await this.#database.getMany<Uint8Array, Uint8Array>(hashes.map(fileKey), BINARY)).map(
      decodeFile,
    );
  }

  /** The bytes of a small file. */
  async content(hash: Bytes32): Promise<Uint8Array | undefined> {
    return (await this.contents([hash]))[0];
  }

  /** The bytes of small files, in their order. */
  async contents(hashes: readonly Bytes32[]): Promise<readonly (Uint8Array | undefined)[]> {
    return await this.#database.getMany<Uint8Array, Uint8Array>(hashes.map(contentKey), BINARY);
  }

  /** Enters files, or extends their leases, to a moment in Unix seconds. */
  async lease(files: readonly LeasedFile[], until: number): Promise<void> {
    const operations = files.map(async (file) => await this.#leaseChanges(file, until));
    await this.#write((await Promise.all(operations)).flat());
  }

  async #leaseChanges(
    { hash, size, known, content }: LeasedFile,
    until: number,
  ): Promise<Change[]> {
    const leaseUntil = Math.max(until, known?.leaseUntil ?? 0);
    const inRow = content !== undefined;
    const operations: Change[] = [
      { type: 'put', key: fileKey(hash), value: encodeFile({ size, leaseUntil, inRow }) },
    ];
    if (content !== undefined) {
      operations.push({ type: 'put', key: contentKey(hash), value: content });
    }
    if (known !== undefined) operations.push({ type: 'del', key: dueKey(known.leaseUntil, hash) });
    // Nobody can own what was not known.
    if (known === undefined || !(await this.#owned(hash))) {
      operations.push({ type: 'put', key: dueKey(leaseUntil, hash), value: NOTHING });
    }
    return operations;
  }

  /** Makes handles owners of files that are known, if they are not yet. */
  async own(owned: readonly (Ownership & IndexedFile)[]): Promise<void> {
    const keys = owned.map(({ hash, handle }) => ownerKey(hash, handle));
    const known = await this.#database.getMany<Uint8Array, Uint8Array>(keys, BINARY);
    const operations = owned.flatMap(({ hash, handle, leaseUntil }, place): Change[] => {
      if (known[place] !== undefined) return [];
      return [
        { type: 'put', key: ownerKey(hash, handle), value: NOTHING },
        { type: 'del', key: dueKey(leaseUntil, hash) },
      ];
    });
    if (operations.length > 0) await this.#write(operations);
  }

  /** Takes a handle's ownership of a file that is known. */
  async disown(hash: Bytes32, { leaseUntil }: IndexedFile, handle: Handle): Promise<void> {
    const operations: Change[] = [{ type: 'del', key: ownerKey(hash, handle) }];
    if (!(await this.#owned(hash, handle))) {
      operations.push({ type: 'put', key: dueKey(leaseUntil, hash), value: NOTHING });
    }
    await this.#write(operations);
  }

  /** Returns the number of files it knows, and their bytes. */
  async usage(): Promise<VaultUsage> {
    let [files, bytes] = [0, 0];
    let page: Uint8Array[] = [];
    const count = async (): Promise<void> => {
      for (const row of await this.#database.getMany<Uint8Array, Uint8Array>(page, BINARY)) {
        const { size } = decodeFile(row) ?? {};
        if (size === undefined) continue;
        files += 1;
        bytes += size;
      }
      page = [];
    };
    const range = { gte: Uint8Array.of(FILE), lt: Uint8Array.of(OWNER), ...BINARY };
    for await (const key of this.#database.keys<Uint8Array>(range)) {
      if (page.push(key) === PAGE) await count();
    }
    await count();
    return { files, bytes };
  }

  /** The files that nobody owns and whose lease ended at or before a moment, in Unix seconds. */
  async *due(now: number): AsyncIterable<Bytes32> {
    const range = { gte: dueKey(0), lt: dueKey(now + 1), ...BINARY };
    for await (const key of this.#database.keys<Uint8Array>(range)) {
      yield bytesToHex(key.subarray(9));
    }
  }

  /** Tells whether a file is still among those that are due. */
  async isDue(hash: Bytes32, now: number): Promise<boolean> {
    const known = await this.get(hash);
    return known !== undefined && known.leaseUntil <= now && !(await this.#owned(hash));
  }

  /** Tells whether anybody owns a file. */
  async isOwned(hash: Bytes32): Promise<boolean> {
    return await this.#owned(hash);
  }

  /** Removes a file that nobody owns from the index. */
  async forget(hash: Bytes32): Promise<void> {
    const known = await this.get(hash);
    if (known === undefined) return;
    await this.#write([
      { type: 'del', key: fileKey(hash) },
      { type: 'del', key: contentKey(hash) },
      { type: 'del', key: dueKey(known.leaseUntil, hash) },
    ]);
  }

  /** Takes what its files still have of the bytes of a file that is not in the index. */
  async scrub(hash: Bytes32): Promise<void> {
    await this.#changes.idle();
    const key = contentKey(hash);
    await scrubRanges(this.#database, [{ first: key, last: key }]);
  }

  /** Takes what its files still have of the bytes of all files that are not in the index. */
  async scrubAll(): Promise<void> {
    await this.#changes.idle();
    await scrubRanges(this.#database, [CONTENTS]);
  }

  /** Closes the database. */
  async close(): Promise<void> {
    await this.#changes.idle();
    await this.#database.close();
  }

  /** Tells whether anybody, or anybody else than a given handle, owns the file. */
  async #owned(hash: Bytes32, except?: Handle): Promise<boolean> {
    const gte = ownerKey(hash);
    const range = { gte, lte: concatBytes(gte, ALL_ONES), limit: 2, ...BINARY };
    const owners = await this.#database.keys<Uint8Array>(range).all();
    return owners.some((key) => bytesToHex(key.subarray(33)) !== except);
  }

  async #write(changes: readonly Change[]): Promise<void> {
    await this.#changes.add(changes);
  }
}

const ALL_ONES = new Uint8Array(32).fill(0xff);
