import type { Random } from '../../crypto/Random.ts';
import { databasesIn } from '../../database/files/databasesIn.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import {
  openOrganisationFolder,
  type OrganisationFolder,
} from '../../folder/OrganisationFolder.ts';
import { readStoresMark, writeStoresMark } from '../../folder/StoresMark.ts';
import type { Bytes32, Organisation } from '../../protocol/ids.ts';
import { copyStore, type StoreDigest } from './copyStore.ts';
import { openPostgresStores, type PostgresSettings } from './databasesInPostgres.ts';
import { HEADS_FOLDER, removeHeads } from './removeHeads.ts';

/** A store that is in its new place. */
export type MigratedStore = StoreDigest & { readonly name: string; readonly isCopied: boolean };

/** Options of `migrateStores`. */
export interface StoreMigration {
  /** The organisation's folder, whose node is stopped and whose lock is held. */
  readonly path: string;
  readonly organisation: Organisation;
  readonly networkId: Bytes32;
  readonly settings: PostgresSettings;
  readonly to: StoresPlace;
  readonly random: Random;
  /** Called with the store and the rows of it that were copied or compared so far. */
  readonly onProgress?: (store: string, rows: number) => void;
}

/** A place of stores. */
export type StoresPlace = 'folder' | 'postgres';

/**
 * Copies all stores of an organisation from its folder to PostgreSQL or back, verifies each, and then notes the new place,
 * after which the node uses that alone. It removes no store. Safe to repeat after it was interrupted.
 *
 * @param migration - The organisation and both places.
 * @throws MedsealError `ARGUMENT_INVALID` if the stores are there already; as `openPostgresStores` and `copyStore` do.
 */
export async function migrateStores(migration: StoreMigration): Promise<readonly MigratedStore[]> {
  const { path, organisation, to, random, onProgress } = migration;
  const folder = await openOrganisationFolder(path);
  const known = await readStoresMark(folder.files);
  if ((known?.at ?? 'folder') === to) {
    const reason = `the stores of ${organisation} are there already`;
    throw new MedsealError('ARGUMENT_INVALID', { argument: '--to', reason });
  }
  const mark = known ?? { id: Buffer.from(random(16)).toString('hex'), at: 'folder' };
  if (to === 'postgres') {
    await writeStoresMark(folder.files, mark);
    // Of an attempt that was cut off; meanwhile the node may have erased bodies.
    await removeHeads(folder.files);
  }
  const stores = await openPostgresStores(migration.settings, {
    ...migration,
    folder,
    id: mark.id,
    isNew: to === 'postgres',
  });
  const migrated: MigratedStore[] = [];
  try {
    const names = to === 'postgres' ? await storesIn(folder) : await stores.session.tables();
    for (const name of names) {
      const here = await folder.database(name);
      try {
        const there = await stores.database(name);
        const [source, target] = to === 'postgres' ? [here, there] : [there, here];
        const copied = await copyStore(source, target, (rows) => onProgress?.(name, rows));
        migrated.push({ name, ...copied });
      } finally {
        await here.close();
      }
    }
  } finally {
    await stores.close();
  }
  await writeStoresMark(folder.files, { ...mark, at: to });
  if (to === 'folder') await removeHeads(folder.files);
  return migrated;
}

async function storesIn({ files }: OrganisationFolder): Promise<readonly string[]> {
  const found = await databasesIn(files.path);
  return found.filter((name) => !name.startsWith(`${HEADS_FOLDER}/`));
}
