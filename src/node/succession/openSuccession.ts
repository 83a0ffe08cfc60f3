import { KeyedLock } from '../../database/KeyedLock.ts';
import { fileInForce, followSuccessors } from '../../protocol/network/followSuccessors.ts';
import { isSameNetworkFile } from '../../protocol/network/isSameNetworkFile.ts';
import type { NetworkFile } from '../../protocol/network/NetworkFile.ts';
import { numberOf } from '../../protocol/wire/numberOf.ts';
import { predecessorIn } from '../../protocol/network/predecessorIn.ts';
import type { SigningContext } from '../../protocol/struct/signing.ts';
import type { Successor, SuccessorsFile } from '../../protocol/network/Successor.ts';
import { successorOf } from '../../protocol/network/successorOf.ts';
import type { Succession } from '../../services/succession/Succession.ts';
import type { Files } from '../../folder/Files.ts';
import { readJsonFile, writeJsonFile } from '../../folder/jsonFiles.ts';
import { FORK, parseKeptFork } from '../../folder/parseKeptFork.ts';
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
  let kept = parseKeptFork(await readJsonFile(files, FORK), followed, context);
  const lock = new KeyedLock();

  return {
    get files() {
      return followed;
    },
    get successors() {
      return successors;
    },
    get fork() {
      return kept?.keeps === undefined ? kept && { successors: kept.successors } : undefined;
    },
    get dropped() {
      return droppedFiles();
    },
    inForce(at) {
      const last = kept?.keeps === undefined ? (kept?.inForce ?? Infinity) : Infinity;
      return fileInForce(
        followed.filter((file) => file === first || numberOf(file) <= last),
        at,
      );
    },
    placing: async (work) => await lock.run('place', work),
    add: async (successor) =>
      await lock.run('write', async () => {
        const next = {
          format: 'medseal-successors/1',
          successors: [...successors, successor],
        } as const;
        const verified = followSuccessors(context, first, next);
        await writeJsonFile(files, SUCCESSORS, next);
        [followed, successors] = [verified, next.successors];
      }),
    keepFork: async (other, at) =>
      await lock.run('write', async () => {
        const { number } = other;
        const own = successors.find((each) => each.number === number);
        const predecessor = followed.find((file) => numberOf(file) === number - 1);
        if (own === undefined || predecessor === undefined) return false;
        if (isDropped(predecessor, other)) return false;
        // The first one that was found is proof enough.
        if (kept !== undefined && kept.keeps === undefined) return true;
        const next = {
          format: 'medseal-fork/1',
          successors: [own, other],
          inForce: numberOf(fileInForce(followed, at)),
          ...(kept?.dropped && { dropped: kept.dropped }),
        } as const;
        const verified = parseKeptFork(next, followed, context);
        await writeJsonFile(files, FORK, next);
        kept = verified;
        return true;
      }),
  };

  /** Tells whether the operator has decided against a successor. */
  function isDropped(before: NetworkFile, other: Successor): boolean {
    const made = successorOf(context.primitives, before, other);
    return droppedFiles().some((each) => isSameNetworkFile(each, made));
  }

  /** Files of dropped successors; one that follows a dropped file makes none here. */
  function droppedFiles(): readonly NetworkFile[] {
    return (kept?.dropped ?? []).flatMap((each) => {
      const before = predecessorIn(context.primitives, followed, each);
      return before === undefined ? [] : [successorOf(context.primitives, before, each)];
    });
  }
}
