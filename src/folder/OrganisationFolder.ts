import { isMedsealError } from '../errors/isMedsealError.ts';
import { MedsealError } from '../errors/MedsealError.ts';
import { storageError } from '../errors/toPublicError.ts';
import { gateDatabase } from '../database/gateDatabase.ts';
import type { FrozenStores } from '../database/FrozenStores.ts';
import { WriteGate } from '../database/WriteGate.ts';
import { LevelDatabase } from '../database/LevelDatabase.ts';
import { haltAfterFailure } from '../database/haltAfterFailure.ts';
import { readFewFirst } from '../database/readFewFirst.ts';
import type { LocalDatabase, ServiceDatabase } from '../database/synced.ts';
import type { Files } from './Files.ts';
import { openFolder } from './openFolder.ts';
import { requireOwnFiles } from './requireOwnFiles.ts';
import { requireOwnFolder } from './requireOwnFolder.ts';

/** One folder and its content: all that an organisation's services can open. */
export interface OrganisationFolder {
  readonly files: Files;
  /**
   * Opens a part of the folder as files.
   * @throws MedsealError `FOLDER_OUTSIDE` for a name that leads out of the folder, by its text or through a symbolic
   * link; `FOLDER_UNWRITABLE`.
   */
  part(name: string): Promise<Files>;
  /**
   * Opens a database in the folder; after a failed write it refuses all writes until it is opened again.
   * @throws MedsealError as `part` does.
   */
  database(name: string): Promise<LocalDatabase>;
  /**
   * Has a database that is elsewhere halt and stand still as those in the folder do.
   * @param database - It is changed, and given back.
   * @param at - Its place, for messages.
   */
  guard(database: ServiceDatabase, at: string): ServiceDatabase;
  /**
   * Has stores elsewhere be in each snapshot of the folder.
   * @param freeze - Fixes their moment, while none of them is written.
   * @returns Call it once they are closed.
   */
  elsewhere(freeze: () => Promise<FrozenStores>): () => void;
  /** Tells that a database elsewhere takes no more writes. */
  halt(cause: unknown): void;
  /**
   * Tells how far a store came whose rows get their checksums.
   * @param store - Its name.
   * @param rows - Number of rows that have theirs.
   */
  forward(store: string, rows: number): void;
}

/**
 * Most values are sealed and do not compress. The less often a database merges its latest writes with the rest, the
 * less it writes again and the shorter writes wait: with LevelDB's 4 MB merging took a sixth of the processor under
 * load. Look-ups by hash fall anywhere, so the indexes of some hundred thousand entries have to fit in the cache. A
 * table stays open while it is in use, so larger ones take fewer descriptors; to write a gigabyte and look up in it
 * takes as long as with tables of 2 MB.
 */
const LEVEL = {
  compression: false,
  writeBufferSize: 16 * 2 ** 20,
  maxFileSize: 8 * 2 ** 20,
  cacheSize: 32 * 2 ** 20,
} as const;

/**
 * Opens an organisation's folder; nothing outside of it can be reached through it.
 *
 * @param path - The folder; it is made if it does not exist.
 * @param gate - Gate that its databases write through; if absent, nothing holds writes back.
 * @param onHalt - Called once for each database that takes no more writes, with the failure.
 * @param onForward - Called for each part of a store of before that got its checksums, with the rows that have them now.
 * @throws MedsealError `FOLDER_EXPOSED`, `FOLDER_UNWRITABLE`.
 */
export async function openOrganisationFolder(
  path: string,
  gate = new WriteGate(),
  onHalt?: (cause: unknown) => void,
  onForward: (store: string, rows: number) => void = () => undefined,
): Promise<OrganisationFolder> {
  const files = await openFolder(path);

  async function inside(name: string): Promise<string> {
    await files.makeFolder(name);
    return `${files.path}/${name}`;
  }

  return {
    files,
    part: async (name) => await openFolder(await inside(name)),
    async database(name) {
      const place = await inside(name);
      requireOwnFolder(place);
      requireOwnFiles(place);
      const database = new LevelDatabase(place, LEVEL, {
        onForward: (rows) => onForward(place, rows),
      });
      await database.open().catch(({ cause }: { readonly cause?: unknown }) => {
        if (isMedsealError(cause, 'STORE_DAMAGED')) throw cause;
        throw new MedsealError('FOLDER_UNWRITABLE', { path: place }, { cause });
      });
      return gateDatabase(haltAfterFailure(readFewFirst(database), place, onHalt), gate);
    },
    guard: (database, at) =>
      gateDatabase(haltAfterFailure(database, at, onHalt, storageError), gate),
    elsewhere(freeze) {
      gate.elsewhere.set(files.path, freeze);
      return () => {
        if (gate.elsewhere.get(files.path) === freeze) gate.elsewhere.delete(files.path);
      };
    },
    halt: (cause) => onHalt?.(cause),
    forward: onForward,
  };
}
