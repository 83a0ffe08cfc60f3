import type { Files } from '../../folder/Files.ts';

/** Folder of the heads of erasable rows, within an organisation's. */
export const HEADS_FOLDER = 'secrets';

/**
 * Removes the secrets of bodies that a folder keeps for a server: those of a copy that is not used.
 *
 * @param files - The organisation's folder.
 */
export async function removeHeads(files: Files): Promise<void> {
  const logs = `${HEADS_FOLDER}/logs`;
  for (const log of await files.list(logs)) {
    for (const name of await files.list(`${logs}/${log}`)) {
      await files.remove(`${logs}/${log}/${name}`);
    }
    await files.syncFolder(`${logs}/${log}`);
  }
}
