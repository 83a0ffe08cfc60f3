import type { Files } from '../../folder/Files.ts';

/** Folder of the heads of erasable rows, within an organisation's. */
export const HEADS_FOLDER = 'secrets';
const LOGS = `${HEADS_FOLDER}/logs`;

/**
 * Removes the secrets of bodies that a folder keeps for a server: those of a copy that is not used.
 *
 * @param files - The organisation's folder.
 */
export async function removeHeads(files: Files): Promise<void> {
  for (const log of await files.list(LOGS)) {
    for (const name of await files.list(`${LOGS}/${log}`)) {
      await files.remove(`${LOGS}/${log}/${name}`);
    }
    await files.syncFolder(`${LOGS}/${log}`);
  }
}

/**
 * Tells whether a folder keeps secrets of bodies for a server.
 *
 * @param files - The organisation's folder.
 */
export async function hasHeads(files: Files): Promise<boolean> {
  for (const log of await files.list(LOGS)) {
    if ((await files.list(`${LOGS}/${log}`)).length > 0) return true;
  }
  return false;
}
