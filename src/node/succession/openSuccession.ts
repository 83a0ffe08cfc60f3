import { followSuccessors } from '../../protocol/followSuccessors.ts';
import type { NetworkFile } from '../../protocol/NetworkFile.ts';
import type { SigningContext } from '../../protocol/signing.ts';
import type { Successor, SuccessorsFile } from '../../protocol/Successor.ts';
import type { Succession } from '../../services/succession/Succession.ts';
import type { Files } from '../../folder/Files.ts';
import { readJsonFile, writeJsonFile } from '../../folder/jsonFiles.ts';
import { SUCCESSORS } from '../../folder/readNewestNetwork.ts';

/**
 * Opens the successors of a folder's network file, and verifies them.
 *
 * @param files - The folder.
 * @param first - Its network file.
 * @param context - Hashes and the curve.
 * @throws MedsealError `SUCCESSOR_INVALID`, `NETWORK_FILE_INVALID`.
 */
export async function openSuccession(
  files: Files,
  first: NetworkFile,
  context: Pick<SigningContext, 'primitives'>,
): Promise<Succession> {
  const written = (await readJsonFile(files, SUCCESSORS)) as SuccessorsFile | undefined;
  let followed = written === undefined ? [first] : followSuccessors(context, first, written);
  let successors: readonly Successor[] = written?.successors ?? [];
  return {
    get files() {
      return followed;
    },
    get successors() {
      return successors;
    },
    async add(successor) {
      const next = {
        format: 'medseal-successors/1',
        successors: [...successors, successor],
      } as const;
      const verified = followSuccessors(context, first, next);
      await writeJsonFile(files, SUCCESSORS, next);
      [followed, successors] = [verified, next.successors];
    },
  };
}
