import { parseNetworkFile } from '../../protocol/network/parseNetworkFile.ts';
import type { Files } from '../../folder/Files.ts';
import { readJsonFile } from '../../folder/jsonFiles.ts';
import type { NodePorts } from '../../folder/NodePorts.ts';
import type { Succession } from '../../services/succession/Succession.ts';
import { openSuccession } from './openSuccession.ts';

/**
 * Opens the network file of a folder with its successors.
 *
 * @param files - The folder.
 * @param ports - Hashes and the curve.
 * @returns Undefined if the folder has no network file.
 * @throws MedsealError `NETWORK_FILE_INVALID`, `SUCCESSOR_INVALID`.
 */
export async function readSuccession(
  files: Files,
  ports: Pick<NodePorts, 'primitives'>,
): Promise<Succession | undefined> {
  const written = await readJsonFile(files, 'network.json');
  if (written === undefined) return undefined;
  return await openSuccession(files, parseNetworkFile(written), ports);
}
