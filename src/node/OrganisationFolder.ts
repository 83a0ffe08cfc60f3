import { ClassicLevel } from 'classic-level';
import { MedsealError } from '../errors/MedsealError.ts';
import { gateDatabase } from './backup/gateDatabase.ts';
import { WriteGate } from './backup/WriteGate.ts';
import { haltAfterFailure } from './haltAfterFailure.ts';
import { readFewFirst } from './readFewFirst.ts';
import type { ServiceDatabase } from '../services/synced.ts';
import type { Files } from '../vault/Files.ts';
import { openFolder } from '../vault/openFolder.ts';

/** All that an organisation's services can open: one folder and what is in it. */
export interface OrganisationFolder {
  readonly files: Files;
  /**
   * Opens a part of the folder as files.
   * @throws MedsealError `FOLDER_OUTSIDE` for a name that leads out, by its text or through a symbolic link;
   * `FOLDER_UNWRITABLE`.
   */
  part(name: string): Promise<Files>;
  /**
   * Opens a database in the folder; after a write that failed it refuses others until it is opened again.
   * @throws MedsealError as `part` does.
   */
  database(name: string): Promise<ServiceDatabase>;
}

/**
 * What is kept is mostly sealed and does not compress; and the less often a database merges what it wrote lately with
 * the rest, the less it writes again and the shorter writes wait: with its own 4 MB that took a sixth of the processor
 * under load. Look-ups by hash fall anywhere, so the indexes of some hundred thousand entries have to fit in the cache.
 * A table is open as long as it is read now and then, so that larger ones take fewer descriptors; writing a gigabyte and
 * looking up in it takes as long as with tables of 2 MB.
 */
const LEVEL = {
  compression: false,
  writeBufferSize: 16 * 2 ** 20,
  maxFileSize: 8 * 2 ** 20,
  cacheSize: 32 * 2 ** 20,
} as const;

/**
 * Opens an organisation's folder; nothing that is reached through it lies outside.
 *
 * @param path - The folder; it is made where it does not exist.
 * @param gate - What its databases write through; nothing holds them back if absent.
 * @param onHalt - Told why a database takes no more, once each.
 * @throws MedsealError `FOLDER_UNWRITABLE`.
 */
export async function openOrganisationFolder(
  path: string,
  gate = new WriteGate(),
  onHalt?: (cause: unknown) => void,
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
      const database = new ClassicLevel(place, LEVEL);
      await database.open().catch((cause: unknown) => {
        throw new MedsealError('FOLDER_UNWRITABLE', { path: place }, { cause });
      });
      return gateDatabase(haltAfterFailure(readFewFirst(database), place, onHalt), gate);
    },
  };
}
