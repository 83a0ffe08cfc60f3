import { MedsealError } from '../../errors/MedsealError.ts';
import type { Files } from '../../folder/Files.ts';
import { readJsonFile, writeJsonFile } from '../../folder/jsonFiles.ts';
import type { NodePorts } from '../../folder/NodePorts.ts';
import { FORK, MOST_DROPPED, parseKeptFork } from '../../folder/parseKeptFork.ts';
import { SUCCESSORS } from '../../folder/readNewestNetwork.ts';
import { fingerprintOf } from '../../protocol/fingerprintOf.ts';
import { followSuccessors } from '../../protocol/followSuccessors.ts';
import type { Bytes32 } from '../../protocol/ids.ts';
import { parseNetworkFile } from '../../protocol/parseNetworkFile.ts';
import { requireFork } from '../../protocol/requireFork.ts';
import { readSuccession } from './readSuccession.ts';

/**
 * Decides a fork of the succession for a folder whose node is stopped: the node goes on with the one of the two network
 * files that its operator names, and takes the other no more, nor those that were
 * decided against earlier. The proofs stay.
 *
 * @param files - The folder.
 * @param keeps - Fingerprint of the file that holds.
 * @param ports - Hashes and the curve.
 * @returns Number of the successor that was decided.
 * @throws MedsealError `NOT_FOUND` if the folder knows of no fork; `ARGUMENT_INVALID` if the fingerprint is of neither, or if
 * the folder has worked under the other one already.
 */
export async function settleFork(
  files: Files,
  keeps: Bytes32,
  ports: Pick<NodePorts, 'primitives'>,
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
  const known = succession.files.find(({ before = [] }) => before.length === number);
  const isKept = known !== undefined && fingerprintOf(ports.primitives, known) === keeps;
  if (!isKept) {
    if (kept.inForce >= number) {
      throw invalid('this folder has worked under the other one: only a new folder can join');
    }
    const leading = succession.successors.filter((each) => each.number < number);
    const next = { format: 'medseal-successors/1', successors: [...leading, chosen] } as const;
    followSuccessors(ports, parseNetworkFile(await readJsonFile(files, 'network.json')), next);
    // Between the two writes the fork is as open as before.
    await writeJsonFile(files, SUCCESSORS, next);
  }
  const loser = kept.successors.filter((each) => each !== chosen);
  // Decisions about what follows a dropped file are moot with it.
  const earlier = (kept.dropped ?? []).filter((each) => isKept || each.number <= number);
  const dropped = [...earlier, ...loser].slice(-MOST_DROPPED);
  await writeJsonFile(files, FORK, { ...kept, keeps, dropped });
  return number;
}

function invalid(reason: string): MedsealError {
  return new MedsealError('ARGUMENT_INVALID', { argument: '--keep', reason });
}
