import { MedsealError } from '../../errors/MedsealError.ts';
import type { Files } from '../../folder/Files.ts';
import { readJsonFile, writeJsonFile } from '../../folder/jsonFiles.ts';
import type { NodePorts } from '../../folder/NodePorts.ts';
import { FORK, MOST_DROPPED, parseKeptFork } from '../../folder/parseKeptFork.ts';
import { SUCCESSORS } from '../../folder/readNewestNetwork.ts';
import { seconds } from '../../protocol/Clock.ts';
import { fingerprintOf } from '../../protocol/network/fingerprintOf.ts';
import { followSuccessors } from '../../protocol/network/followSuccessors.ts';
import type { Bytes32 } from '../../protocol/ids.ts';
import { numberOf } from '../../protocol/wire/numberOf.ts';
import { parseNetworkFile } from '../../protocol/network/parseNetworkFile.ts';
import { requireFork } from '../../protocol/network/requireFork.ts';
import type { Successor } from '../../protocol/network/Successor.ts';
import { successorOf } from '../../protocol/network/successorOf.ts';
import { readSuccession } from './readSuccession.ts';

/**
 * Decides a fork of the succession for a folder whose node is stopped: the node goes on with the one of the two network
 * files that its operator names, and takes the other no more, nor those that were decided against earlier. The proofs stay.
 * Safe to repeat; until the file that holds is in force, the operator may decide for the other one after all.
 *
 * @param files - The folder.
 * @param keeps - Fingerprint of the file that holds.
 * @param ports - Clock, hashes and the curve.
 * @returns Number of the successor that was decided.
 * @throws MedsealError `NOT_FOUND` if the folder knows of no fork; `ARGUMENT_INVALID` if the fingerprint is of neither, or if
 * the folder has worked under the other one already.
 */
export async function settleFork(
  files: Files,
  keeps: Bytes32,
  ports: Pick<NodePorts, 'clock' | 'primitives'>,
): Promise<number> {
  const succession = await readSuccession(files, ports);
  const kept = parseKeptFork(await readJsonFile(files, FORK), succession?.files ?? [], ports);
  if (succession === undefined || kept === undefined) {
    throw new MedsealError('NOT_FOUND', { what: 'fork of the network file' });
  }
  const { number, fingerprints } = requireFork(ports, succession.files, {
    successors: kept.successors,
  });
  const chosen = kept.successors[fingerprints.indexOf(keeps)];
  if (chosen === undefined) throw invalid(`it is neither of ${fingerprints.join(' and ')}`);
  // A decision that was made is not made again: what it dropped stays as it is.
  if (kept.keeps === keeps) return number;
  const { keeps: former, dropped = [], ...open } = kept;
  const loser = kept.successors.filter((each) => each !== chosen);
  const known = succession.files.find((file) => numberOf(file) === number);
  const isKept = known !== undefined && fingerprintOf(ports.primitives, known) === keeps;
  // Decisions about what follows a dropped file are moot with it, and so is a former one between these two.
  const earlier = dropped.filter((each) =>
    each.number === number ? !isOneOf(each) : isKept || each.number < number,
  );
  if (!isKept) {
    const own = succession.successors.find((each) => each.number === number);
    const isUsed = former !== undefined && own !== undefined && own.from <= seconds(ports.clock);
    if (isUsed || kept.inForce >= number) {
      throw invalid('this folder has worked under the other one: only a new folder can join');
    }
    const leading = succession.successors.filter((each) => each.number < number);
    const next = { format: 'medseal-successors/1', successors: [...leading, chosen] } as const;
    followSuccessors(ports, parseNetworkFile(await readJsonFile(files, 'network.json')), next);
    // Between the writes the fork is open.
    if (former !== undefined) await writeJsonFile(files, FORK, { ...open, dropped: earlier });
    await writeJsonFile(files, SUCCESSORS, next);
  }
  const all = [...earlier, ...loser].slice(-MOST_DROPPED);
  await writeJsonFile(files, FORK, { ...open, keeps, dropped: all });
  return number;

  /** Tells whether a successor makes one of the two files. */
  function isOneOf(each: Successor): boolean {
    const before = succession?.files.find((file) => numberOf(file) === number - 1);
    if (before === undefined) return false;
    const made = successorOf(ports.primitives, before, each);
    return fingerprints.includes(fingerprintOf(ports.primitives, made));
  }
}

function invalid(reason: string): MedsealError {
  return new MedsealError('ARGUMENT_INVALID', { argument: '--keep', reason });
}
