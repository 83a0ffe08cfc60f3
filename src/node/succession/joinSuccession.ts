import { MedsealError } from '../../errors/MedsealError.ts';
import { followSuccessors } from '../../protocol/network/followSuccessors.ts';
import { isSameNetworkFile } from '../../protocol/network/isSameNetworkFile.ts';
import type { NetworkFile } from '../../protocol/network/NetworkFile.ts';
import { ownLogsOf, presentNodes } from '../../protocol/network/networkLookups.ts';
import { logKeysOf } from '../../protocol/network/officesOf.ts';
import { parseNetworkFile } from '../../protocol/network/parseNetworkFile.ts';
import type { SuccessorsFile } from '../../protocol/network/Successor.ts';
import { readJsonFile, writeJsonFile } from '../../folder/jsonFiles.ts';
import { SUCCESSORS } from '../../folder/readNewestNetwork.ts';
import type { NodePorts } from '../../folder/NodePorts.ts';
import type { NodeFolder, OrganisationHome } from '../NodeFolder.ts';
import { writeNodes } from '../founding/ceremony.ts';
import { requireKeysOf } from '../founding/readNetwork.ts';
import { requireGiven } from '../founding/requireGiven.ts';
import { homeIn } from './homeIn.ts';
import { openSuccession } from './openSuccession.ts';

/**
 * Puts a network's first file and its successors into the folder of a node: of one that joins the network with the
 * newest of them, or of one that runs and takes the newest at its next start, once it is in force. A new folder of an
 * organisation that was in the network, and lost its folder, is marked as restored: it takes back from the others what it
 * had.
 *
 * @param folder - The node's folder.
 * @param given - The first network file, which the operator trusts, and its successors, which are verified.
 * @param ports - Hashes and the curve.
 * @returns The newest file.
 * @throws MedsealError `NETWORK_FILE_OTHER` if the folder has another network file; `NETWORK_FILE_INVALID` if the newest
 * file names other keys than the folder has, or another address or validator than it gave; `SUCCESSOR_INVALID` also for a list that lacks one that is known here.
 */
export async function joinSuccession(
  folder: NodeFolder,
  given: { readonly network: unknown; readonly successors: unknown },
  ports: Pick<NodePorts, 'primitives'>,
): Promise<NetworkFile> {
  const { files, homes } = folder;
  const first = parseNetworkFile(given.network);
  const written = await readJsonFile(files, 'network.json');
  const followed = followSuccessors(ports, first, given.successors);
  let known: NetworkFile | undefined;
  if (written !== undefined) {
    const pinned = parseNetworkFile(written);
    if (!followed.some((file) => isSameNetworkFile(file, pinned))) {
      throw new MedsealError('NETWORK_FILE_OTHER', {});
    }
    for (const file of (await openSuccession(files, pinned, ports)).files) {
      known = file;
      if (followed.some((each) => isSameNetworkFile(each, file))) continue;
      const reason = 'it lacks a successor that this folder has, or has another one';
      throw new MedsealError('SUCCESSOR_INVALID', { reason });
    }
  }
  const newest = followed.at(-1) ?? first;
  for (const home of homes) {
    requireKeysOf(newest, homeIn(newest, home));
    if (homes.length === 1) await requireGiven(files, home.organisation, newest, known);
  }
  if (written === undefined) {
    // Its log had another key before: it was there, and this folder is to learn from the others what was lost.
    for (const { organisation } of homes.filter((home) => hadOtherKey(newest, home))) {
      await folder.rolledBack(organisation);
    }
  }
  const { successors } = given.successors as SuccessorsFile;
  await writeJsonFile(files, SUCCESSORS, { format: 'medseal-successors/1', successors });
  if (written === undefined) {
    // A founder has the addresses of all nodes from the identity files; a newcomer gets them here.
    await writeNodes(files, presentNodes(newest));
    await writeJsonFile(files, 'network.json', first);
  }
  return newest;
}

/** Tells whether a log of an organisation had another key than the one that a network file names. */
function hadOtherKey(
  network: NetworkFile,
  { organisation }: Pick<OrganisationHome, 'organisation'>,
): boolean {
  return ownLogsOf(network, organisation).some(
    ({ log }) => logKeysOf(network, log.name).length > 1,
  );
}
