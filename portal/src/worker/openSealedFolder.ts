/**
 * Opens the folder of sealed files that wait for their upload, in the browser's private file system (OPFS).
 *
 * @returns The folder; undefined if the browser has no such file system or refuses it.
 */
export async function openSealedFolder(): Promise<FileSystemDirectoryHandle | undefined> {
  try {
    const root = await navigator.storage.getDirectory();
    return await root.getDirectoryHandle('sealed', { create: true });
  } catch {
    return undefined;
  }
}
