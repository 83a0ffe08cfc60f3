import { MemoryDatabase } from '../../database/test/MemoryDatabase.ts';
import { BINARY, type LocalDatabase } from '../../database/synced.ts';
import type { OrganisationFolder } from '../../folder/OrganisationFolder.ts';
import { memoryFiles, type MemoryFiles } from '../../folder/test/memoryFiles.ts';
import { copyLevel } from '../../../proof/simulation/copyLevel.ts';

/** Rows of databases, by their names. */
export type SavedFolder = ReadonlyMap<string, readonly (readonly [Uint8Array, Uint8Array])[]>;

/** A folder in memory that outlives the services over it. */
export interface MemoryFolder extends OrganisationFolder {
  databaseNow(name: string): LocalDatabase;
  /** Forgets a part. */
  drop(part: string): void;
  /** Forgets all but the folder's own files, which are its keys. */
  clear(): void;
  /** Returns a copy of the databases. */
  save(): Promise<SavedFolder>;
  /** Has the databases of such a copy, and no others. */
  load(saved: SavedFolder): Promise<void>;
  tamper(part: string, path: string, change: (bytes: Uint8Array) => Uint8Array): void;
  /** Another folder that holds the same. */
  copy(): Promise<MemoryFolder>;
}

/**
 * Makes a folder in memory.
 *
 * @param files - Its own files; none if absent.
 */
export function memoryFolder(files: MemoryFiles = memoryFiles()): MemoryFolder {
  return folderOf(files, new Map(), new Map());
}

function folderOf(
  files: MemoryFiles,
  parts: Map<string, MemoryFiles>,
  databases: Map<string, LocalDatabase>,
): MemoryFolder {
  const databaseNow = (name: string): LocalDatabase => {
    const database = databases.get(name) ?? new MemoryDatabase();
    // A database on disk would be opened again with what it holds.
    database.close = async () => await Promise.resolve();
    databases.set(name, database);
    return database;
  };
  return {
    files,
    part: async (name) => {
      const part = parts.get(name) ?? memoryFiles();
      parts.set(name, part);
      return await Promise.resolve(part);
    },
    database: async (name) => await Promise.resolve(databaseNow(name)),
    databaseNow,
    guard: (database) => database,
    elsewhere: () => () => undefined,
    halt: () => undefined,
    forward: () => undefined,
    tamper(name, path, change) {
      const part = parts.get(name);
      if (part === undefined) throw new Error(`there is no ${name}`);
      part.tamper(path, change);
    },
    drop: (part) => void parts.delete(part),
    async save() {
      const saved = new Map<string, [Uint8Array, Uint8Array][]>();
      for (const [name, database] of databases) {
        saved.set(name, await database.iterator<Uint8Array, Uint8Array>(BINARY).all());
      }
      return saved;
    },
    async load(saved) {
      databases.clear();
      for (const [name, rows] of saved) {
        const puts = rows.map(([key, value]) => ({ type: 'put' as const, key, value }));
        await databaseNow(name).batch<Uint8Array, Uint8Array>(puts, BINARY);
      }
    },
    clear() {
      parts.clear();
      databases.clear();
    },
    async copy() {
      const levels = new Map<string, LocalDatabase>();
      for (const [name, database] of databases) levels.set(name, await copyLevel(database));
      const copies = [...parts].map(([name, part]) => [name, part.copy()] as const);
      return folderOf(files.copy(), new Map(copies), levels);
    },
  };
}
