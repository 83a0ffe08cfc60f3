import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { decodeFile, FILE } from '../vault/vaultRows.ts';
import { databasesIn } from '../database/files/databasesIn.ts';
import { PASSING } from './snapshotProtocol.ts';
import type { FrozenFolder } from './freezeFolder.ts';
import { BINARY } from '../database/synced.ts';

/** A file to be backed up. */
export interface FileToCopy {
  /** Within the data folder. */
  readonly path: string;
  /** Path of its bytes. */
  readonly from: string;
  /** True if it may be deleted meanwhile, for nobody owns it. */
  readonly fleeting: boolean;
}

/**
 * Lists all files of a data folder at one moment: databases and devices from the frozen folder, files that are only
 * added from the data folder itself.
 *
 * @param data - The folder.
 * @param still - The frozen folder.
 */
export async function* filesOf(data: string, still: FrozenFolder): AsyncGenerator<FileToCopy> {
  const databases = (await databasesIn(still.databases)).filter((path) => !PASSING.test(path));
  for (const path of databases) yield* filesIn(still.databases, path);
  // Databases in the data folder that are not among them are of before: its stores are at a server.
  const own = new Set([...databases, ...(await databasesIn(data))]);
  const added = new Set<string>();
  if (still.databases !== data) yield* sharedFiles();
  yield* walk('');

  /** Lists what machines of the organisation share and the data folder lacked. */
  async function* sharedFiles(): AsyncGenerator<FileToCopy> {
    if (!existsSync(join(still.databases, 'authority'))) return;
    for await (const file of walkAll(still.databases, 'authority')) {
      added.add(file.path);
      yield file;
    }
  }

  /** Lists the rest of the data folder. */
  async function* walk(folder: string): AsyncGenerator<FileToCopy> {
    if (folder === 'parties') {
      yield* walkAll(still.databases, folder);
      return;
    }
    if (still.paused !== undefined && /^node\/[^/]+\/vault$/.test(folder)) {
      yield* sealedFiles(folder);
      return;
    }
    for await (const file of filesIn(data, folder)) if (!added.has(file.path)) yield file;
    for (const name of await foldersIn(data, folder)) {
      const path = join(folder, name);
      if (!own.has(path) && !PASSING.test(path)) yield* walk(path);
    }
  }

  /** Lists the sealed files that the vault's index has at the moment, without later ones. */
  async function* sealedFiles(vault: string): AsyncGenerator<FileToCopy> {
    const index = await still.open(`${vault}-index`);
    try {
      const range = { gte: Uint8Array.of(FILE), lt: Uint8Array.of(FILE + 1), ...BINARY };
      for await (const [key, value] of index.iterator<Uint8Array, Uint8Array>(range)) {
        const file = decodeFile(value);
        if (file === undefined || file.inRow) continue;
        const name = Buffer.from(key.subarray(1)).toString('hex');
        const path = `${vault}/sealed/${name.slice(0, 2)}/${name}`;
        yield { path, from: join(data, path), fleeting: true };
      }
    } finally {
      await index.close();
    }
  }
}

async function* filesIn(root: string, folder: string): AsyncGenerator<FileToCopy> {
  const entries = await readdir(join(root, folder), { withFileTypes: true });
  for (const { name } of entries.filter((entry) => entry.isFile())) {
    const path = join(folder, name);
    if (!PASSING.test(path)) yield { path, from: join(root, path), fleeting: false };
  }
}

async function* walkAll(root: string, folder: string): AsyncGenerator<FileToCopy> {
  yield* filesIn(root, folder);
  for (const name of await foldersIn(root, folder)) yield* walkAll(root, join(folder, name));
}

async function foldersIn(root: string, folder: string): Promise<readonly string[]> {
  const entries = await readdir(join(root, folder), { withFileTypes: true }).catch(() => []);
  return entries.flatMap((entry) => (entry.isDirectory() ? [entry.name] : [])).toSorted();
}
