import { ClassicLevel } from 'classic-level';
import type { Files } from '../vault/Files.ts';
import { insidePath } from '../vault/insidePath.ts';
import { openFolder } from '../vault/openFolder.ts';

/** All that an organisation's services can open: one folder and what is in it. */
export interface OrganisationFolder {
  readonly files: Files;
  /** Opens a part of the folder as files. */
  part(name: string): Promise<Files>;
  /** A database in the folder. */
  database(name: string): ClassicLevel;
}

/**
 * Opens an organisation's folder; nothing that is reached through it lies outside.
 *
 * @param path - The folder; it is made where it does not exist.
 * @throws MedsealError `FOLDER_UNWRITABLE`; `FOLDER_OUTSIDE` from its methods for a name that leads out.
 */
export async function openOrganisationFolder(path: string): Promise<OrganisationFolder> {
  const files = await openFolder(path);
  return {
    files,
    part: async (name) => await openFolder(`${files.path}/${insidePath(name)}`),
    database: (name) => new ClassicLevel(`${files.path}/${insidePath(name)}`),
  };
}
