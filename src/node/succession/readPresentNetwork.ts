import { fileInForce } from '../../protocol/followSuccessors.ts';
import { seconds } from '../../protocol/Clock.ts';
import type { NetworkFile } from '../../protocol/NetworkFile.ts';
import { parseNetworkFile } from '../../protocol/parseNetworkFile.ts';
import type { Files } from '../../folder/Files.ts';
import { readJsonFile } from '../../folder/jsonFiles.ts';
import type { NodePorts } from '../../folder/NodePorts.ts';
import { openSuccession } from './openSuccession.ts';

/**
 * Reads the network file of a folder that is in force now: its first one, or a successor.
 *
 * @param files - The folder.
 * @param ports - Clock, hashes and the curve.
 * @returns Undefined if the folder has no network file.
 * @throws MedsealError `NETWORK_FILE_INVALID`, `SUCCESSOR_INVALID`.
 */
export async function readPresentNetwork(
  files: Files,
  ports: Pick<NodePorts, 'clock' | 'primitives'>,
): Promise<NetworkFile | undefined> {
  const written = await readJsonFile(files, 'network.json');
  if (written === undefined) return undefined;
  const succession = await openSuccession(files, parseNetworkFile(written), ports);
  return fileInForce(succession.files, seconds(ports.clock));
}
