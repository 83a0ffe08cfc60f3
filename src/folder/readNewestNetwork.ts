import { followSuccessors } from '../protocol/network/followSuccessors.ts';
import type { NetworkFile } from '../protocol/network/NetworkFile.ts';
import { parseNetworkFile } from '../protocol/network/parseNetworkFile.ts';
import type { SigningContext } from '../protocol/struct/signing.ts';
import type { Files } from './Files.ts';
import { readJsonFile } from './jsonFiles.ts';

/** `successors.json` of a folder: the successors of the network's first file. */
export const SUCCESSORS = 'successors.json';

/**
 * Reads the newest network file of a folder, which may not be in force yet. It names all logs and offices, those of
 * before too.
 *
 * @param files - The folder.
 * @param context - Hashes and the curve.
 * @returns Undefined if the folder has no network file.
 * @throws MedsealError `NETWORK_FILE_INVALID`, `SUCCESSOR_INVALID`.
 */
export async function readNewestNetwork(
  files: Files,
  context: Pick<SigningContext, 'primitives'>,
): Promise<NetworkFile | undefined> {
  return (await readNetworkFiles(files, context)).at(-1);
}

/**
 * Reads the network file of a folder and those that follow it, which it verifies.
 *
 * @param files - The folder.
 * @param context - Hashes and the curve.
 * @returns Oldest first; none if the folder has no network file.
 * @throws MedsealError `NETWORK_FILE_INVALID`, `SUCCESSOR_INVALID`.
 */
export async function readNetworkFiles(
  files: Files,
  context: Pick<SigningContext, 'primitives'>,
): Promise<readonly NetworkFile[]> {
  const written = await readJsonFile(files, 'network.json');
  if (written === undefined) return [];
  const first = parseNetworkFile(written);
  const successors = await readJsonFile(files, SUCCESSORS);
  return successors === undefined ? [first] : followSuccessors(context, first, successors);
}
