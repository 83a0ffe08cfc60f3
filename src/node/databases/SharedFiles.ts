import type { Files } from '../../folder/Files.ts';
import type { Organisation } from '../../protocol/ids.ts';
import { databasesInFolder, type OpenDatabases } from './OpenDatabases.ts';

/** The folders that machines of each organisation share, as its stores are opened. */
export class SharedFiles {
  readonly #open: OpenDatabases;
  readonly #files = new Map<Organisation, Files>();

  /** @param open - Opens the stores; in the organisation's folder if absent. */
  constructor(open: OpenDatabases = databasesInFolder) {
    this.#open = open;
  }

  /** Opens an organisation's stores, and notes the folder. */
  readonly openDatabases: OpenDatabases = async (organisation, ...of) => {
    const stores = await this.#open(organisation, ...of);
    if (stores.shared !== undefined) this.#files.set(organisation, stores.shared);
    return stores;
  };

  /** The folder; undefined if machines share none, or before the stores are open. */
  of(organisation: Organisation): Files | undefined {
    return this.#files.get(organisation);
  }
}
