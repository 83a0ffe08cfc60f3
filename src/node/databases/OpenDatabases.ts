import type { LeaseWait } from '../../database/LeaseWait.ts';
import type { ServiceDatabase } from '../../database/synced.ts';
import type { Files } from '../../folder/Files.ts';
import type { OrganisationFolder } from '../../folder/OrganisationFolder.ts';
import { requireStoresHere } from '../../folder/StoresMark.ts';
import type { Bytes32, Organisation } from '../../protocol/ids.ts';
import { removeHeads } from './removeHeads.ts';

/** The databases of an organisation's stores. */
export interface StoreDatabases {
  /**
   * Opens a store; it halts, and stands still for a snapshot, with all others of the folder.
   * @throws MedsealError as the engine does.
   */
  database(name: string): Promise<ServiceDatabase>;
  /** Ends what they share, once each is closed. */
  close(): Promise<void>;
  /** True while no other machine can write to them, as far as this process knows without asking. */
  readonly isHeld: boolean;
  /** Files that another machine takes over with the stores; absent if all are in the organisation's folder. */
  readonly shared?: Files;
}

/** Opens the databases of an organisation's stores in a network; waits for another writer if it is given a wait. */
export type OpenDatabases = (
  organisation: Organisation,
  folder: OrganisationFolder,
  networkId: Bytes32,
  wait?: LeaseWait,
) => Promise<StoreDatabases>;

/** Opens them in the organisation's folder. */
export const databasesInFolder: OpenDatabases = async (organisation, folder) => {
  await requireStoresHere(folder.files, organisation);
  // Of a copy that is not used: erasures in the folder do not reach them.
  await removeHeads(folder.files);
  return {
    database: async (name) => await folder.database(name),
    close: async () => await Promise.resolve(),
    // The folder is locked.
    isHeld: true,
  };
};
