import type { Random } from '../../crypto/Random.ts';
import { ErasableHeads } from '../../database/postgres/ErasableHeads.ts';
import {
  showPostgresAddress,
  type PostgresAddress,
} from '../../database/postgres/PostgresAddress.ts';
import { PostgresDatabase } from '../../database/postgres/PostgresDatabase.ts';
import { PostgresSession } from '../../database/postgres/PostgresSession.ts';
import type { FrozenStores } from '../../database/FrozenStores.ts';
import type { LeaseWait } from '../../database/LeaseWait.ts';
import type { LocalDatabase, ServiceDatabase } from '../../database/synced.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import type { Files } from '../../folder/Files.ts';
import {
  openOrganisationFolder,
  type OrganisationFolder,
} from '../../folder/OrganisationFolder.ts';
import { readStoresMark, writeStoresMark } from '../../folder/StoresMark.ts';
import { isBodyKey } from '../../log/keys.ts';
import type { Bytes32, Organisation } from '../../protocol/ids.ts';
import type { OpenDatabases, StoreDatabases } from './OpenDatabases.ts';
import { HEADS_FOLDER, hasHeads } from './removeHeads.ts';
import { takeSecrets } from './takeSecrets.ts';

/** Settings of stores at a PostgreSQL server. */
export interface PostgresSettings {
  readonly address: PostgresAddress;
  /** As in `PostgresOptions`. */
  readonly passwordFile?: string;
  /** Longest standstill of the writer, milliseconds; as in `PostgresOptions`. */
  readonly lease?: number;
  /** Folder of the secrets that all machines of the organisation reach; the organisation's own folder if absent. */
  readonly secrets?: string;
}

/** The stores of an organisation at a server. */
export interface PostgresStores extends StoreDatabases {
  readonly session: PostgresSession;
  /** @param onAltered - As in `checkRows`. */
  database(name: string, onAltered?: (key: Uint8Array) => void): Promise<ServiceDatabase>;
}

/**
 * Makes what opens an organisation's stores at a PostgreSQL server: each is a table of the organisation's schema. Secrets
 * of bodies stay in its folder.
 *
 * @param settings - The server.
 * @param random - For the id of a new folder's stores.
 */
export function databasesInPostgres(settings: PostgresSettings, random: Random): OpenDatabases {
  return async (organisation, folder, networkId, wait) => {
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
    const stores = await openPostgresStores(settings, { ...at, id: mark.id, isNew, wait });
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
 * @param of.wait - Waits for another writer as long as it takes; some seconds if absent.
 * @throws MedsealError as `PostgresSession.open` does; `DATABASE_UNUSABLE` if the stores there are another folder's, or
 * were lost, or the secrets are not where the settings say.
 */
export async function openPostgresStores(
  settings: PostgresSettings,
  of: {
    readonly organisation: Organisation;
    readonly networkId: Bytes32;
    readonly folder: OrganisationFolder;
    readonly id: string;
    readonly isNew: boolean;
    readonly wait?: LeaseWait | undefined;
  },
): Promise<PostgresStores> {
  const { organisation, networkId, folder, id, isNew, wait } = of;
  const schema = `medseal_${networkId.slice(2, 18)}_${organisation}`;
  const session = await PostgresSession.open({
    ...settings,
    ...(wait && { wait }),
    schema,
    folder: { id, isNew },
    onLost: (cause) => folder.halt(cause),
  });
  const { secrets, shared } = await secretsOf(settings, { schema, isNew, folder, session }).catch(
    async (error: unknown) => {
      await session.close();
      throw error;
    },
  );
  const heads = new Map<string, ErasableHeads>();
  const opened: LocalDatabase[] = [];
  /** Opens the secrets of a store, once; undefined if it has none. */
  const headsOf = async (name: string): Promise<ErasableHeads | undefined> => {
    if (!name.startsWith('logs/')) return undefined;
    const known = heads.get(name);
    if (known !== undefined) return known;
    const local = await secrets(name);
    opened.push(local);
    const made = new ErasableHeads(local, isBodyKey);
    heads.set(name, made);
    return made;
  };
  const freeze = async (): Promise<FrozenStores> => {
    const snapshot = await session.snapshot();
    return {
      names: snapshot.names,
      async *rows(name) {
        const parted = await headsOf(name);
        for await (const rows of snapshot.rows(name))
          yield whole((await parted?.join(rows)) ?? rows);
      },
      ...(shared && { shared: shared.path }),
      close: () => snapshot.close(),
    };
  };
  const forget = folder.elsewhere(freeze);
  return {
    session,
    get isHeld() {
      return session.isHeld;
    },
    ...(shared && { shared }),
    async database(name, onAltered): Promise<ServiceDatabase> {
      const at = `${session.at} (${organisation}/${name})`;
      const parted = await headsOf(name);
      const database: ServiceDatabase = new PostgresDatabase(session, name, {
        ...(parted && { heads: parted }),
        ...(onAltered && { onAltered }),
        onForward: (rows) => folder.forward(at, rows),
      });
      await database.open();
      return folder.guard(database, at);
    },
    async close() {
      forget();
      await session.close();
      for (const each of opened) await each.close();
    },
  };
}

/** Rows that have a value: one whose secret was erased since has none. */
function whole(
  rows: readonly (readonly [Buffer, Buffer | undefined])[],
): readonly (readonly [Buffer, Buffer])[] {
  return rows.flatMap(([key, value]) => (value === undefined ? [] : [[key, value] as const]));
}

/** The place of the secrets of bodies. */
interface OpenSecrets {
  /** Opens those of a store. */
  readonly secrets: (store: string) => Promise<LocalDatabase>;
  /** The place, if machines share it. */
  readonly shared?: Files;
}

/** Finds the place of the secrets. */
async function secretsOf(
  { secrets }: PostgresSettings,
  of: {
    readonly schema: string;
    readonly isNew: boolean;
    readonly folder: OrganisationFolder;
    readonly session: PostgresSession;
  },
): Promise<OpenSecrets> {
  const { schema, isNew, folder, session } = of;
  const { at, fence } = session;
  if (secrets === undefined) {
    const isThere = (await folder.files.list('')).includes(HEADS_FOLDER);
    if (!isThere && !isNew) {
      const reason = `the secrets of its bodies are not in the folder: restore ${HEADS_FOLDER}, or set database.secrets if they are there`;
      throw new MedsealError('DATABASE_UNUSABLE', { at, reason });
    }
    if (isNew) await folder.files.makeFolder(HEADS_FOLDER);
    return { secrets: async (store) => await folder.database(`${HEADS_FOLDER}/${store}`) };
  }
  const place = `${secrets}/${schema}`;
  // From before a move, or after one back: those in the shared place may be older, and would be used instead.
  if (await hasHeads(folder.files)) {
    const reason = `secrets of its bodies are in the folder too: move ${HEADS_FOLDER} to ${place}/0 if the node used these last, and delete it if it used others`;
    throw new MedsealError('DATABASE_UNUSABLE', { at, reason });
  }
  const own = await takeSecrets(place, { fence, isNew, at });
  const shared = await openOrganisationFolder(
    own,
    undefined,
    (cause) => folder.halt(cause),
    (store, rows) => folder.forward(store, rows),
  );
  return { secrets: async (store) => await shared.database(store), shared: shared.files };
}
