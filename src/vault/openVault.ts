import { bytesToHex } from '../crypto/bytes.ts';
import { portablePrimitives } from '../crypto/portablePrimitives.ts';
import type { Primitives } from '../crypto/Primitives.ts';
import { collectBytes } from '../crypto/sealing/collectBytes.ts';
import { isMedsealError } from '../errors/isMedsealError.ts';
import { MedsealError } from '../errors/MedsealError.ts';
import type { ByteRange } from '../protocol/AgentPort.ts';
import type { Bytes32, Handle } from '../protocol/ids.ts';
import { KeyedLock } from '../database/KeyedLock.ts';
import { portableSha256 } from '../crypto/portableSha256.ts';
import type { CreateSha256 } from '../crypto/Sha256Stream.ts';
import type { SealedStore } from './SealedStore.ts';
import {
  MOST_APART,
  SMALL_FILE,
  type FileIdentity,
  type Ownership,
  type SmallFile,
  type Vault,
  type VaultUsage,
} from './Vault.ts';
import { VaultIndex } from './VaultIndex.ts';
import type { ServiceDatabase } from '../database/synced.ts';
import type { IndexedFile } from './vaultRows.ts';
import { verifiedContent } from '../crypto/verifiedContent.ts';

/** Options of `openVault`. */
export interface VaultOptions {
  /** For the bytes of large files. */
  readonly store: SealedStore;
  /** For leases and owners; the vault's alone, and closed with it. */
  readonly database: ServiceDatabase;
  /** The most bytes that one file may have. */
  readonly quota: number;
  /** Starts a SHA-256; the portable one if absent. */
  readonly createSha256?: CreateSha256;
  /** Called if the store cannot be made ready now. */
  readonly onFailure?: (error: unknown) => void;
  /** SHA-256 of a small file at once; the portable one if absent. */
  readonly primitives?: Pick<Primitives, 'sha256'>;
}

/**
 * Opens a vault: large files in a store, leases and owners in a database beside; small files, as most records are, are
 * rows of that database.
 *
 * A file is there when the index knows it and the store has it. The index learns of it first and the store shows it last,
 * so a crash leaves no file that nobody would collect.
 *
 * @param options - Its store, database, quota and hash.
 * @throws MedsealError `FOLDER_UNWRITABLE`.
 * @example
 * ```ts
 * const vault = await openVault({
 *   store: folderStore(await openFolder('node/hospital/vault')),
 *   database: new LevelDatabase('node/hospital/vault-index'),
 *   quota: 4 * 2 ** 30,
 * });
 * ```
 */
export async function openVault(options: VaultOptions): Promise<Vault> {
  const { store, database } = options;
  await database.open().catch((cause: unknown) => {
    throw new MedsealError('FOLDER_UNWRITABLE', { path: store.place }, { cause });
  });
  await store.recover().catch((error: unknown) => {
    // Small files are here, and a server may answer later.
    if (!isMedsealError(error, 'STORAGE_FAILED')) throw error;
    options.onFailure?.(error);
  });
  return new StoredVault(options);
}

/** Number of files that are looked for in the store at once. */
const AT_ONCE = 16;

class StoredVault implements Vault {
  readonly #store: SealedStore;
  readonly #index: VaultIndex;
  readonly #quota: number;
  readonly #createSha256: CreateSha256;
  readonly #primitives: Pick<Primitives, 'sha256'>;
  /** Held by whoever changes a file or must not see it change. */
  readonly #locks = new KeyedLock();
  readonly #running = new Set<Promise<unknown>>();
  #closed = false;

  constructor(options: VaultOptions) {
    const { store, database, quota } = options;
    this.#store = store;
    this.#index = new VaultIndex(database);
    this.#quota = quota;
    this.#createSha256 = options.createSha256 ?? portableSha256;
    this.#primitives = options.primitives ?? portablePrimitives;
  }

  async put(
    file: FileIdentity,
    content: AsyncIterable<Uint8Array>,
    leaseUntil: number,
  ): Promise<void> {
    await this.#run(async () => {
      requireHash(file.hash);
      if (file.size > this.#quota) {
        throw new MedsealError('FILE_BEYOND_QUOTA', { limit: this.#quota });
      }
      // A file that is there already arrives again like anything else: its hash is verified, and a damaged copy heals.
      const verified = verifiedContent(content, file, this.#createSha256);
      await (file.size <= SMALL_FILE
        ? this.#putRow(file, await collectBytes(verified), leaseUntil)
        : this.#putFile(file, verified, leaseUntil));
    });
  }

  async putSmall(
    files: readonly SmallFile[],
    leaseUntil: number,
  ): Promise<readonly (MedsealError | undefined)[]> {
    const faults = files.map((file) => this.#faultOf(file));
    // One file may be there twice.
    const sound = new Map(
      files.flatMap((file, place) => (faults[place] === undefined ? [[file.hash, file]] : [])),
    );
    const hashes = [...sound.keys()];
    await this.#run(async () => {
      await this.#locks.runAll(hashes, async () => {
        const known = await this.#index.getAll(hashes);
        const leased = [...sound.values()].map((file, i) => ({ ...file, known: known[i] }));
        if (leased.length > 0) await this.#index.lease(leased, leaseUntil);
      });
    });
    return faults;
  }

  async stat(hash: Bytes32): Promise<FileIdentity | undefined> {
    return (await this.stats([hash]))[0];
  }

  async stats(hashes: readonly Bytes32[]): Promise<readonly FileIdentity[]> {
    for (const hash of hashes) requireHash(hash);
    const found = await this.#run(async () => await this.#findAll(hashes));
    return hashes.flatMap((hash, place) => {
      const size = found[place]?.size;
      return size === undefined ? [] : [{ hash, size }];
    });
  }

  async *get(hash: Bytes32, range?: ByteRange): AsyncIterable<Uint8Array> {
    requireHash(hash);
    const found = await this.#run(async () => (await this.#findAll([hash]))[0]);
    if (found === undefined) throw new MedsealError('FILE_ABSENT', {});
    if (range !== undefined) {
      yield* this.#part(hash, found, range);
      return;
    }
    const content = found.inRow ? this.#row(hash) : this.#store.read(hash);
    yield* verifiedContent(content, { hash, size: found.size }, this.#createSha256);
  }

  async small(hashes: readonly Bytes32[]): Promise<readonly (Uint8Array | undefined)[]> {
    for (const hash of hashes) requireHash(hash);
    return await this.#run(async () => {
      const contents = await this.#index.contents(hashes);
      const found = hashes.map(async (hash, i) => {
        const content = contents[i];
        if (content === undefined) return await this.#smallFile(hash);
        const fault = this.#faultOf({ hash, size: content.length, content });
        return fault === undefined ? content : undefined;
      });
      return await Promise.all(found);
    });
  }

  async own(hash: Bytes32, handle: Handle): Promise<void> {
    const absent = await this.ownAll([{ hash, handle }]);
    if (absent.length > 0) throw new MedsealError('FILE_ABSENT', {});
  }

  async ownAll(ownerships: readonly Ownership[]): Promise<readonly Ownership[]> {
    const hashes = ownerships.map(({ hash }) => hash);
    for (const hash of hashes) requireHash(hash);
    return await this.#run(async () => {
      return await this.#locks.runAll(hashes, async () => {
        const known = await this.#index.getAll(hashes);
        const found = await Promise.all(
          hashes.map(async (hash, i) => await this.#whole(hash, known[i])),
        );
        const there = ownerships.flatMap((each, i) => (found[i] ? [{ ...each, ...found[i] }] : []));
        await this.#index.own(there);
        return ownerships.filter((_, i) => found[i] === undefined);
      });
    });
  }

  async usage(): Promise<VaultUsage> {
    return await this.#run(async () => await this.#index.usage());
  }

  async disown(hash: Bytes32, handle: Handle): Promise<void> {
    await this.#exclusively(hash, async () => {
      const known = await this.#index.get(hash);
      if (known !== undefined) await this.#index.disown(hash, known, handle);
    });
  }

  async erase(hash: Bytes32, handle: Handle): Promise<boolean> {
    requireHash(hash);
    return await this.#run(async () => {
      return await this.#locks.run(hash, async () => {
        const known = await this.#index.get(hash);
        if (known === undefined) return false;
        // First: a file that is not there any more is missed only while somebody owns it.
        await this.#index.disown(hash, known, handle);
        if (await this.#index.isOwned(hash)) return false;
        if (!known.inRow) await this.#store.remove(hash);
        await this.#index.forget(hash);
        return true;
      });
    });
  }

  async remnants(files: readonly FileIdentity[]): Promise<readonly FileIdentity[]> {
    for (const { hash } of files) requireHash(hash);
    return await this.#run(async () => {
      const found: FileIdentity[] = [];
      for (let from = 0; from < files.length; from += AT_ONCE) {
        const some = files.slice(from, from + AT_ONCE);
        const known = await this.#index.getAll(some.map(({ hash }) => hash));
        const sizes = await Promise.all(
          some.map(async ({ hash, size }, i) => {
            if (known[i] !== undefined) return known[i].size;
            // A small one is never in the store.
            return size <= SMALL_FILE ? undefined : await this.#store.size(hash);
          }),
        );
        found.push(...some.filter((_, i) => sizes[i] !== undefined));
      }
      return found;
    });
  }

  async scrub(hashes: readonly Bytes32[]): Promise<void> {
    hashes.forEach(requireHash);
    await this.#run(async () => {
      if (hashes.length > MOST_APART) {
        await this.#index.scrubAll();
        return;
      }
      for (const hash of hashes) {
        await this.#locks.run(hash, async () => {
          if ((await this.#index.get(hash)) === undefined) await this.#index.scrub(hash);
        });
      }
    });
  }

  async removeStray({ hash, size }: FileIdentity): Promise<boolean> {
    requireHash(hash);
    // A small one is never in the store.
    if (size <= SMALL_FILE) return false;
    return await this.#run(async () => {
      return await this.#locks.run(hash, async () => {
        if ((await this.#index.get(hash)) !== undefined) return false;
        if ((await this.#store.size(hash)) === undefined) return false;
        await this.#store.remove(hash);
        return true;
      });
    });
  }

  async collect(now: number): Promise<number> {
    return await this.#run(async () => {
      let gone = 0;
      for await (const hash of this.#index.due(now)) {
        gone += await this.#locks.run(hash, async () => await this.#collectOne(hash, now));
      }
      return gone;
    });
  }

  async close(): Promise<void> {
    this.#closed = true;
    await Promise.allSettled(this.#running);
    await this.#index.close();
  }

  /** A small file that is not a row all the same. */
  async #smallFile(hash: Bytes32): Promise<Uint8Array | undefined> {
    const file = await this.#index.get(hash);
    if (file === undefined || file.inRow || file.size > SMALL_FILE) return undefined;
    return await collectBytes(this.get(hash)).catch(() => undefined);
  }

  /** Why bytes are not the small file that they should be. */
  #faultOf({ hash, size, content }: SmallFile): MedsealError | undefined {
    requireHash(hash);
    const limit = Math.min(this.#quota, SMALL_FILE);
    if (size > limit) return new MedsealError('FILE_BEYOND_QUOTA', { limit });
    const same = content.length === size && bytesToHex(this.#primitives.sha256(content)) === hash;
    return same ? undefined : new MedsealError('FILE_MISMATCH', {});
  }

  async #putRow(file: FileIdentity, content: Uint8Array, leaseUntil: number): Promise<void> {
    await this.#locks.run(file.hash, async () => {
      const known = await this.#index.get(file.hash);
      await this.#index.lease([{ ...file, known, content }], leaseUntil);
    });
  }

  async #putFile(
    file: FileIdentity,
    content: AsyncIterable<Uint8Array>,
    leaseUntil: number,
  ): Promise<void> {
    const arrival = await this.#store.receive(file, content);
    try {
      await this.#locks.run(file.hash, async () => {
        const known = await this.#index.get(file.hash);
        const held = (await this.#whole(file.hash, known)) !== undefined;
        await this.#index.lease([{ ...file, known }], leaseUntil);
        await arrival.settle().catch(async (error: unknown) => {
          // A file that may not stay is not shown.
          if (!held) await this.#store.remove(file.hash).catch(() => undefined);
          throw error;
        });
      });
    } catch (error) {
      await arrival.discard();
      throw error;
    }
  }

  async #collectOne(hash: Bytes32, now: number): Promise<number> {
    if (!(await this.#index.isDue(hash, now))) return 0;
    const known = await this.#index.get(hash);
    const held = (await this.#whole(hash, known)) !== undefined;
    if (known?.inRow === false) await this.#store.remove(hash);
    await this.#index.forget(hash);
    return held ? 1 : 0;
  }

  /** Returns the rows of files that are there as a whole; a file is not seen while it settles. */
  async #findAll(hashes: readonly Bytes32[]): Promise<readonly (IndexedFile | undefined)[]> {
    const known = await this.#index.getAll(hashes);
    return await Promise.all(
      hashes.map(async (hash, i) => {
        if (known[i] === undefined || known[i].inRow) return known[i];
        return await this.#locks.run(hash, async () => {
          return await this.#whole(hash, await this.#index.get(hash));
        });
      }),
    );
  }

  /** Returns the row of a file whose bytes are all there: those in a row always are. */
  async #whole(hash: Bytes32, known: IndexedFile | undefined): Promise<IndexedFile | undefined> {
    if (known === undefined || known.inRow) return known;
    return (await this.#store.size(hash)) === known.size ? known : undefined;
  }

  async *#row(hash: Bytes32): AsyncIterable<Uint8Array> {
    const content = await this.#index.content(hash);
    if (content === undefined) throw new MedsealError('FILE_ABSENT', {});
    yield content;
  }

  async *#part(
    hash: Bytes32,
    { inRow, size }: IndexedFile,
    { from, to }: ByteRange,
  ): AsyncIterable<Uint8Array> {
    const isWithin =
      [from, to].every(Number.isSafeInteger) && 0 <= from && from <= to && to <= size;
    if (!isWithin) throw new MedsealError('RANGE_OUTSIDE', { size });
    if (from === to) return;
    if (!inRow) yield* exactly(this.#store.read(hash, { from, to }), to - from);
    else for await (const bytes of this.#row(hash)) yield bytes.subarray(from, to);
  }

  async #exclusively(hash: Bytes32, work: () => Promise<void>): Promise<void> {
    requireHash(hash);
    await this.#run(async () => {
      await this.#locks.run(hash, work);
    });
  }

  /** Runs work that `close` waits for. */
  async #run<Result>(work: () => Promise<Result>): Promise<Result> {
    if (this.#closed) throw new MedsealError('CLOSED', { what: 'vault' });
    const running = work();
    this.#running.add(running);
    try {
      return await running;
    } finally {
      this.#running.delete(running);
    }
  }
}

/** Passes a part on, and fails if a store gives more or less than was asked for. */
async function* exactly(
  content: AsyncIterable<Uint8Array>,
  length: number,
): AsyncGenerator<Uint8Array> {
  let left = length;
  for await (const bytes of content) {
    left -= bytes.length;
    if (left < 0) throw new MedsealError('FILE_MISMATCH', {});
    yield bytes;
  }
  if (left > 0) throw new MedsealError('FILE_MISMATCH', {});
}

/** @throws MedsealError `REQUEST_MALFORMED` if the hash is malformed: it becomes a file's name. */
function requireHash(hash: Bytes32): void {
  if (/^0x[0-9a-f]{64}$/.test(hash)) return;
  throw new MedsealError('REQUEST_MALFORMED', { what: 'the hash of a file' });
}
