import type { Random } from '../../crypto/Random.ts';
import { ErasableHeads } from '../../database/postgres/ErasableHeads.ts';
import {
  showPostgresAddress,
  type PostgresAddress,
} from '../../database/postgres/PostgresAddress.ts';
import { PostgresDatabase } from '../../database/postgres/PostgresDatabase.ts';
import { PostgresSession } from '../../database/postgres/PostgresSession.ts';
import type { LocalDatabase, ServiceDatabase } from '../../database/synced.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import type { OrganisationFolder } from '../../folder/OrganisationFolder.ts';
import { readStoresMark, writeStoresMark } from '../../folder/StoresMark.ts';
import { isBodyKey } from '../../log/keys.ts';
import type { Bytes32, Organisation } from '../../protocol/ids.ts';
import type { OpenDatabases, StoreDatabases } from './OpenDatabases.ts';
import { HEADS_FOLDER } from './removeHeads.ts';

/** Settings of stores at a PostgreSQL server. */
export interface PostgresSettings {
  readonly address: PostgresAddress;
  /** As in `PostgresOptions`. */
  readonly passwordFile?: string;
}

/** The stores of an organisation at a server. */
export interface PostgresStores extends StoreDatabases {
  readonly session: PostgresSession;
}

/**
 * Makes what opens an organisation's stores at a PostgreSQL server: each is a table of the organisation's schema. Secrets
 * of bodies stay in its folder.
 *
 * @param settings - The server.
 * @param random - For the id of a new folder's stores.
 */
export function databasesInPostgres(settings: PostgresSettings, random: Random): OpenDatabases {
  return async (organisation, folder, networkId) => {
    const at = { organisation, networkId, folder };
    let mark = await readStoresMark(folder.files);
    const isNew = mark?.at !== 'postgres';
    if (isNew && (await folder.files.list('')).includes('logs')) {
      const reason = `the stores of ${organisation} are in the folder: run medseal store migrate`;
      throw new MedsealError('DATABASE_UNUSABLE', {
        at: showPostgresAddress(settings.address),
        reason,
      });
    }
    mark ??= { id: Buffer.from(random(16)).toString('hex'), at: 'folder' };
    // Before the server knows it, so that the folder finds again what it claimed.
    if (isNew) await writeStoresMark(folder.files, mark);
    const stores = await openPostgresStores(settings, { ...at, id: mark.id, isNew });
    try {
      if (isNew) await writeStoresMark(folder.files, { ...mark, at: 'postgres' });
      return stores;
    } catch (error) {
      await stores.close();
      throw error;
    }
  };
}

/**
 * Opens the stores of an organisation at a server, for this folder alone.
 *
 * @param settings - The server.
 * @param of.id - The folder's id.
 * @param of.isNew - True if the server may lack them.
 * @throws MedsealError as `PostgresSession.open` does; `DATABASE_UNUSABLE` if the stores there are another folder's, or
 * were lost.
 */
export async function openPostgresStores(
  settings: PostgresSettings,
  of: {
    readonly organisation: Organisation;
    readonly networkId: Bytes32;
    readonly folder: OrganisationFolder;
    readonly id: string;
    readonly isNew: boolean;
  },
): Promise<PostgresStores> {
  const { organisation, networkId, folder, id, isNew } = of;
  const session = await PostgresSession.open({
    ...settings,
    schema: `medseal_${networkId.slice(2, 18)}_${organisation}`,
    folder: { id, isNew },
    onLost: (cause) => folder.halt(cause),
  });
  const heads: LocalDatabase[] = [];
  return {
    session,
    async database(name): Promise<ServiceDatabase> {
      const erasable = name.startsWith('logs/');
      const local = erasable ? await folder.database(`${HEADS_FOLDER}/${name}`) : undefined;
      if (local !== undefined) heads.push(local);
      const parted = local && new ErasableHeads(local, isBodyKey);
      const database: ServiceDatabase = new PostgresDatabase(session, name, parted);
      await database.open();
      return folder.guard(database, `${session.at} (${organisation}/${name})`);
    },
    async close() {
      await session.close();
      for (const each of heads) await each.close();
    },
  };
}
