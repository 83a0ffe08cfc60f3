import type { WriteGate } from '../database/WriteGate.ts';
import type { ServiceDatabase } from '../database/synced.ts';
import { MedsealError } from '../errors/MedsealError.ts';
import type { Files } from '../folder/Files.ts';
import { openOrganisationFolder } from '../folder/OrganisationFolder.ts';
import { readStoresMark } from '../folder/StoresMark.ts';
import { postgresSettings } from '../node/configuration/configuredDatabases.ts';
import type { DatabaseSettings } from '../node/configuration/Configuration.ts';
import { openPostgresStores, type PostgresStores } from '../node/databases/databasesInPostgres.ts';
import { HEADS_FOLDER } from '../node/databases/removeHeads.ts';
import type { Bytes32, Organisation } from '../protocol/ids.ts';

/** Options of `ServerStores.open`. */
export interface ServerStoresOptions {
  /** The data folder of the stopped node, whose lock is held. */
  readonly files: Files;
  /** Settings of the node's stores. */
  readonly settings: DatabaseSettings;
  /** The network's id; none of the stores is opened without it. */
  readonly networkId: Bytes32 | undefined;
  /** Gate that they write through; one of their own if absent. */
  readonly gate?: WriteGate;
}

/**
 * The stores of a stopped node that are at a server, under the paths that they would have in the data folder. While they
 * are open this process has the lease, so no other machine's node begins to write.
 */
export class ServerStores {
  readonly #stores: ReadonlyMap<Organisation, PostgresStores | undefined>;
  readonly #opened = new Map<string, Promise<ServiceDatabase | undefined>>();

  private constructor(stores: ReadonlyMap<Organisation, PostgresStores | undefined>) {
    this.#stores = stores;
  }

  /**
   * Opens those of all organisations of a folder.
   *
   * @param options - The folder and the server.
   * @throws MedsealError `STORES_ELSEWHERE` if they are at a server and the settings name none; `DATABASE_LOCKED` if a node
   * runs on them; as `openPostgresStores` does.
   */
  static async open({
    files,
    settings,
    networkId,
    gate,
  }: ServerStoresOptions): Promise<ServerStores> {
    const stores = new Map<Organisation, PostgresStores | undefined>();
    const opened = new ServerStores(stores);
    try {
      for (const organisation of await files.list('node')) {
        const folder = await openOrganisationFolder(`${files.path}/node/${organisation}`, gate);
        const mark = await readStoresMark(folder.files);
        if (mark?.at !== 'postgres') continue;
        const { url } = settings;
        if (url === undefined) throw new MedsealError('STORES_ELSEWHERE', { organisation });
        const of = { organisation, folder, id: mark.id, isNew: false };
        const at = postgresSettings(url, settings);
        stores.set(organisation, networkId && (await openPostgresStores(at, { ...of, networkId })));
      }
      return opened;
    } catch (error) {
      await opened.close();
      throw error;
    }
  }

  /**
   * Tells whether a path of the data folder is that of a store which is at a server: a database there is of before.
   *
   * @param path - Within the data folder, such as `node/hospital/letters`.
   */
  has(path: string): boolean {
    const { organisation, part } = partsOf(path);
    return this.#stores.has(organisation) && !part.startsWith(`${HEADS_FOLDER}/`);
  }

  /**
   * Opens a store, once.
   *
   * @param path - Its path if it were in the data folder.
   * @param onAltered - As in `checkRows`; that of the first call counts.
   * @returns Undefined if the server does not have it, or it cannot be opened.
   */
  async database(
    path: string,
    onAltered: (key: Uint8Array) => void = () => undefined,
  ): Promise<ServiceDatabase | undefined> {
    const known = this.#opened.get(path) ?? this.#open(path, onAltered);
    this.#opened.set(path, known);
    return await known;
  }

  /** Gives the leases back. */
  async close(): Promise<void> {
    for (const stores of this.#stores.values()) await stores?.close();
  }

  async #open(
    path: string,
    onAltered: (key: Uint8Array) => void,
  ): Promise<ServiceDatabase | undefined> {
    const { organisation, part } = partsOf(path);
    const stores = this.#stores.get(organisation);
    // To open an absent table would make it.
    if (stores === undefined || !(await stores.session.tables()).includes(part)) return undefined;
    return await stores.database(part, onAltered).catch(() => undefined);
  }
}

function partsOf(path: string): { readonly organisation: Organisation; readonly part: string } {
  const [root, organisation = '', ...part] = path.split('/');
  return root === 'node' ? { organisation, part: part.join('/') } : { organisation: '', part: '' };
}
