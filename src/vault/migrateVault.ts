import { bytesToHex } from '../crypto/bytes.ts';
import type { CreateSha256 } from '../crypto/Sha256Stream.ts';
import { verifiedContent } from '../crypto/verifiedContent.ts';
import { BINARY, type ServiceDatabase } from '../database/synced.ts';
import { isMedsealError } from '../errors/isMedsealError.ts';
import type { Bytes32 } from '../protocol/ids.ts';
import type { SealedStore } from './SealedStore.ts';
import type { FileIdentity } from './Vault.ts';
import { decodeFile, FILE } from './vaultRows.ts';

/** Options of `migrateVault`. */
export interface VaultMigration {
  /** The vault's index, open; nobody writes to it. */
  readonly database: ServiceDatabase;
  readonly from: SealedStore;
  readonly to: SealedStore;
  readonly createSha256: CreateSha256;
  /** Told the files that are done, and all of them, with their bytes. */
  readonly onProgress?: (done: VaultAmount, all: VaultAmount) => void;
}

/** A number of sealed files, and their bytes. */
export interface VaultAmount {
  readonly files: number;
  readonly bytes: number;
}

/** Outcome of a migration. */
export interface VaultMigrated {
  /** Files that were copied now. */
  readonly copied: number;
  /** Files that the new store had, whole. */
  readonly kept: number;
  /** Files that the old store does not have, or has with other bytes; peers may have them. */
  readonly lost: readonly Bytes32[];
}

/**
 * Copies the large files of a vault from one store to another, and verifies each in the new one by reading it back. A file that
 * is there whole is not copied a second time, so it can be interrupted and repeated. It removes nothing.
 *
 * @param migration - Index and stores.
 * @throws MedsealError `STORAGE_FAILED`, `STORAGE_FULL`, `FOLDER_UNWRITABLE`; what was copied stays.
 */
export async function migrateVault(migration: VaultMigration): Promise<VaultMigrated> {
  const { database, from, to, createSha256, onProgress } = migration;
  let all = { files: 0, bytes: 0 };
  for await (const { size } of largeFiles(database)) {
    all = { files: all.files + 1, bytes: all.bytes + size };
  }
  await to.recover();
  let done = { files: 0, bytes: 0 };
  let [copied, kept] = [0, 0];
  const lost: Bytes32[] = [];
  onProgress?.(done, all);
  for await (const file of largeFiles(database)) {
    if (await isWhole(to, file)) kept += 1;
    else if (await copy(file)) copied += 1;
    else lost.push(file.hash);
    done = { files: done.files + 1, bytes: done.bytes + file.size };
    onProgress?.(done, all);
  }
  return { copied, kept, lost };

  async function copy(file: FileIdentity): Promise<boolean> {
    try {
      const content = verifiedContent(from.read(file.hash), file, createSha256);
      await (await to.receive(file, content)).settle();
    } catch (error) {
      if (isLoss(error)) return false;
      throw error;
    }
    if (await isWhole(to, file)) return true;
    throw new Error(`${to.place} does not give back what it took`);
  }

  async function isWhole(store: SealedStore, file: FileIdentity): Promise<boolean> {
    if ((await store.size(file.hash)) !== file.size) return false;
    try {
      for await (const _ of verifiedContent(store.read(file.hash), file, createSha256));
      return true;
    } catch (error) {
      if (isLoss(error)) return false;
      throw error;
    }
  }
}

async function* largeFiles(database: ServiceDatabase): AsyncGenerator<FileIdentity> {
  const range = { gte: Uint8Array.of(FILE), lt: Uint8Array.of(FILE + 1), ...BINARY };
  for await (const [key, value] of database.iterator<Uint8Array, Uint8Array>(range)) {
    const known = decodeFile(value);
    if (known === undefined || known.inRow || key.length !== 33) continue;
    yield { hash: bytesToHex(key.subarray(1)), size: known.size };
  }
}

/** Tells whether a store lacks a file, or has other bytes. */
function isLoss(error: unknown): boolean {
  return isMedsealError(error, 'FILE_ABSENT') || isMedsealError(error, 'FILE_MISMATCH');
}
